import { expect } from "chai";
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MilepostError } from "../../../bridge/errors.ts";
import { walk } from "../../../bridge/sources/edifact/envelope.ts";
import { decode, segments } from "../../../bridge/sources/edifact/segments.ts";
import { edifactSource } from "../../../bridge/sources/edifact/source.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { growth, LINEAR } from "../../growth.ts";
import { rounds } from "../../rounds.ts";
import { attempt, expectSound, messageOf } from "../golden.ts";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures", "edifact");
// The samples are of many partners.
const us = { sender: "US", sender_qualifier: "ZZZ", receiver: "THEM", parties: "any" };
const settings = edifactSource.settings.parse({ interchange: us });
const read = (text: string | Buffer): Reading => edifactSource.read(messageOf(text), settings);
const sample = (name: string) => readFileSync(join(FIXTURES, name));

describe("edifact: anything at all", () => {
  const samples = readdirSync(FIXTURES)
    .filter((it) => it.endsWith(".edi"))
    .map(sample);

  it("ends in facts, findings or a typed refusal", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat(20)), { maxLength: 6 }),
        (whole, changes) => {
          let body = Buffer.from(whole);
          for (const [at, bytes, gone] of changes) {
            const from = at % (body.length + 1);
            body = Buffer.concat([body.subarray(0, from), bytes, body.subarray(from + gone)]);
          }
          try {
            expectSound(edifactSource.read(messageOf(body), settings));
          } catch (error) {
            if (!(error instanceof MilepostError)) throw error;
            expect(error.retry).to.be.oneOf(["never", "quarantine"]);
          }
        },
      ),
      { numRuns: rounds(300) },
    );
  }).timeout(60_000);

  it("loses no message silently: each is a fact, a finding, or waits with its file in quarantine", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat(20)), { maxLength: 4 }),
        (whole, changes) => {
          let body = Buffer.from(whole);
          for (const [at, bytes, gone] of changes) {
            const from = at % (body.length + 1);
            body = Buffer.concat([body.subarray(0, from), bytes, body.subarray(from + gone)]);
          }
          expectEachMessageSpoken(body);
        },
      ),
      { numRuns: rounds(300) },
    );
  }).timeout(60_000);

  /** The numbers of a message's segments must hold a place that a fact or a finding names. */
  function expectEachMessageSpoken(body: Buffer): void {
    const places: number[] = [];
    try {
      for (const part of edifactSource.readParts?.(messageOf(body), settings) ?? []) {
        const paths = [
          ...part.facts.map(({ fact }) => fact.message_path ?? ""),
          ...part.findings.map(({ path }) => path),
        ];
        places.push(...paths.map((path) => Number(/\d+/.exec(path)?.[0] ?? -1)));
      }
    } catch (error) {
      if (!(error instanceof MilepostError)) throw error;
      // All of the file waits, or none of it could be read.
      return;
    }
    const text = decode(body);
    for (const walked of walk(segments(text))) {
      if (!("message" in walked)) continue;
      const { segments: own } = walked.message;
      const [first, last] = [own[0]?.number ?? 0, own.at(-1)?.number ?? 0];
      const spoken = places.some((it) => it >= first && it <= last + 1);
      expect(spoken, `message ${walked.message.number} of ${body.toString()}`).to.equal(true);
    }
  }

  it("takes linear time, also for one endless segment or endless release characters", () => {
    const head = "UNB+UNOC:3+C+S+261120:0930+1'UNH+1+IFTSTA:D:96A:UN'";
    for (const piece of ["A", "?", "+", ":", "?'", "'"]) {
      const make = (size: number) => head + piece.repeat(size);
      const cost = growth(make, (body) => attempt(() => read(body)), 250_000);
      expect(cost, piece).to.be.below(LINEAR);
    }
  }).timeout(120_000);
});
