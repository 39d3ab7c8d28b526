/** X12 for tests: an interchange around transaction sets, and what the source reads of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { x12Source } from "../../../bridge/sources/x12/source.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { messageOf } from "../golden.ts";

export const SAMPLE_ENDINGS = [".edi", ".txt"] as const;

export function fixture(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, "..", "..", "fixtures", "x12", name));
}

const ISA =
  "ISA*00*          *00*          *ZZ*CARRIER        *ZZ*SHIPPER        *260711*1200*U*00401*000000042*0*P*>~";

interface Frame {
  functionalId?: string;
  /** GS04 and GS05. */
  made?: string;
  isa?: string;
}

/** One interchange with one group; each set is its segments between ST and SE. */
export function interchange(
  type: string,
  sets: ReadonlyArray<readonly string[]>,
  { functionalId = "QM", made = "20260711*1200", isa = ISA }: Frame = {},
): string {
  const bodies = sets.map((segments, index) => {
    const control = String(index + 1).padStart(4, "0");
    const lines = [`ST*${type}*${control}`, ...segments, `SE*${segments.length + 2}*${control}`];
    return lines.map((line) => `${line}~\n`).join("");
  });
  const head = `GS*${functionalId}*CARRIER*SHIPPER*${made}*7*X*004010~\n`;
  return `${isa}\n${head}${bodies.join("")}GE*${sets.length}*7~\nIEA*1*000000042~\n`;
}

/** A 214 of one shipment with these segments behind the LX. */
export function status214(...segments: string[]): string {
  return interchange("214", [["B10*PRO1*SHIP1*SCAC", "LX*1", ...segments]]);
}

export function readX12(body: string | Buffer, rawSettings: unknown = {}): Reading {
  return x12Source.read(messageOf(body), x12Source.settings.parse(rawSettings));
}

/** The milestones of a message. */
export function milestonesOf(body: string | Buffer, rawSettings: unknown = {}) {
  return readX12(body, rawSettings).facts.flatMap(({ fact }) =>
    fact.kind === "milestone" ? [fact] : [],
  );
}

export function findingCodes(reading: Reading): string[] {
  return reading.findings.map(({ code }) => code);
}
