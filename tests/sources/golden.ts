/**
 * Compares what a source makes of each sample with the reviewed golden file beside it.
 * `MILEPOST_GOLDEN=write` writes them anew; read the difference before committing it.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { fact as factType } from "../../bridge/canonical/fact.ts";
import { factKey } from "../../bridge/canonical/fact_key.ts";
import { MilepostError } from "../../bridge/errors.ts";
import type { RawMessage, Source } from "../../bridge/sources/source.ts";
import type { Reading } from "../../bridge/canonical/reading.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures");

/** A fixed arrival, so that golden files do not depend on the day. */
export const RECEIVED_AT = new Date("2026-11-23T08:00:00Z");

export function messageOf(body: string | Buffer): RawMessage {
  return {
    body: Buffer.from(body),
    contentType: "application/json",
    receivedAt: RECEIVED_AT,
    attributes: {},
  };
}

/** Samples by the endings of their names; EDI comes as .edi and .txt. */
export function sampleNames(id: string, endings: readonly string[] = [".json"]): string[] {
  return readdirSync(join(FIXTURES, id)).filter((name) => endings.some((it) => name.endsWith(it)));
}

export function sample(id: string, name: string): Buffer {
  return readFileSync(join(FIXTURES, id, name));
}

interface Refused {
  refused: { code: string; path: string | undefined; text: string };
}

/** Runs a step and gives its refusal as data; anything but a MilepostError is a bug and thrown. */
export function attempt<T>(step: () => T): T | Refused {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    expect(error.retry).to.equal("never");
    return { refused: { code: error.code, path: error.path, text: error.message } };
  }
}

/** Every fact must satisfy the contract, every message must say something. */
export function expectSound(reading: Reading): void {
  expect(reading.facts.length + reading.findings.length).to.be.greaterThan(0);
  for (const { fact, lane } of reading.facts) {
    const keyed = { ...fact, key: factKey(fact), message: "message-1" };
    const checked = factType.safeParse(keyed);
    expect(checked.error?.issues ?? [], JSON.stringify(fact)).to.deep.equal([]);
    expect(lane).to.have.length.within(1, 128);
  }
}

/**
 * Declares one test per sample of the source; `rules` says what each of them shows, so that whoever
 * reviews a changed golden file knows what it has to hold.
 */
export function describeGolden<S>(
  source: Source<S>,
  rules: Readonly<Record<string, string>>,
  rawSettings: unknown = {},
  endings?: readonly string[],
): void {
  const settings = source.settings.parse(rawSettings);
  const names = sampleNames(source.id, endings);
  it("has a rule and a golden file for every sample, and none for samples that are gone", () => {
    const golden = names.map((name) => (name.endsWith(".json") ? name : `${name}.json`));
    expect(Object.keys(rules).toSorted()).to.deep.equal(names.toSorted());
    expect(sampleNames(`${source.id}/golden`).toSorted()).to.deep.equal(golden.toSorted());
  });
  for (const name of names) {
    it(`reads ${name} as reviewed: ${rules[name] ?? ""}`, () => {
      const message = messageOf(sample(source.id, name));
      const check = attempt(() => (source.check(message, settings), "accepted"));
      const reading = attempt(() => source.read(message, settings));
      if ("facts" in reading) expectSound(reading);
      compare(source.id, name, { check, reading: withReadableReplies(reading) });
    });
  }
}

/** Replies as text, which a reviewer can read. */
function withReadableReplies(reading: object): object {
  if (!("replies" in reading)) return reading;
  const { replies } = reading as Reading;
  return { ...reading, replies: replies?.map((it) => ({ ...it, body: it.body.toString() })) };
}

function compare(id: string, name: string, actual: unknown): void {
  const folder = join(FIXTURES, id, "golden");
  const file = join(folder, name.endsWith(".json") ? name : `${name}.json`);
  const text = `${JSON.stringify(actual, null, 1)}\n`;
  if (process.env["MILEPOST_GOLDEN"] === "write") {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
    return;
  }
  expect(JSON.parse(text)).to.deep.equal(JSON.parse(readFileSync(file, "utf8")));
}
