import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "../../bridge/canonical/values.ts";
import type { Reading } from "../../bridge/canonical/reading.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { rawMessage, recognise } from "../../tools/vectors/recognise.ts";
import { KNOWN_CASES } from "./known_cases.ts";

const FOLDER = join(import.meta.dirname, "cases");
const NOW = new Date("2026-11-24T12:00:00Z");

/** What is read of a message, a line for each fact and finding. */
function digest({ facts, findings }: Reading): string[] {
  const lines = facts.map(({ fact }) => {
    const names = fact.identifiers.map(({ type, value }) => `${type}=${value}`).join(" ");
    if (fact.kind === "milestone") {
      const what = fact.code ?? `?${fact.raw_code}`;
      const more = [...(fact.conditions ?? []), ...(fact.reasons ?? []).map(({ code }) => code)];
      return [what, fact.classifier, time(fact.occurred), ...more, "|", names].join(" ");
    }
    if (fact.kind === "carrier_invoice") {
      const charges = fact.lines.map(({ charge_type: type, amount }) => `${type} ${amount}`);
      return `bill ${fact.total} ${fact.currency}: ${charges.join(", ")}`;
    }
    if (fact.kind === "proof_of_delivery")
      return `proof ${time(fact.delivered)} by ${fact.signer ?? "nobody"}`;
    if (fact.kind === "itinerary") return `plan ${fact.stops.map(({ kind }) => kind).join(" ")}`;
    return fact.kind;
  });
  return [...lines, ...findings.map(({ severity, code }) => `${severity} ${code}`)];
}

function time(instant: Instant | undefined): string {
  if (instant === undefined) return "–";
  const { at, zone, precision, zone_inferred: inferred } = instant;
  const when = precision === "date" ? `${at.slice(0, 10)} (day)` : at;
  return `${when} ${zone ?? ""}${inferred === true ? "?" : ""}`.trim();
}

function readCase(file: string): string[] {
  const body = readFileSync(join(FOLDER, file));
  const source = sources.get(recognise(file, body).format);
  if (source === undefined) throw new Error(file);
  return digest(source.read(rawMessage(file, body, NOW), source.settings.parse({})) as Reading);
}

describe("messages that were read wrong once", () => {
  for (const [file, { right, lines }] of Object.entries(KNOWN_CASES)) {
    it(`${file}: ${right}`, () => {
      expect(readCase(file)).to.deep.equal(lines);
    });
  }

  it("are all of the folder", () => {
    expect(Object.keys(KNOWN_CASES).toSorted()).to.deep.equal(readdirSync(FOLDER).toSorted());
  });
});
