/**
 * Reading: 1,000,000 X12 segments beside the public streaming parser on the same file, 500,000 of
 * EDIFACT beside the public parser alone, and what it costs to make facts of each and of JSON.
 *
 * Each measurement is a process of its own, so that neither inherits the other's heap or compiled
 * code; the two tokenizers take turns, and each pair gives one ratio.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Measured } from "./normalize_child.ts";
import { writeEdifactFile } from "./edifact_file.ts";
import { type BenchResult, median, rounded } from "./result.ts";
import { writeX12File } from "./x12_file.ts";

const SEGMENTS = 1_000_000;
const EDIFACT_SEGMENTS = 500_000;
const PAIRS = 5;
const REPEATS = 3;
const CHILD = join(import.meta.dirname, "normalize_child.ts");
const JSON_SAMPLE = join(import.meta.dirname, "../fixtures/easypost/made_webhook_delivered.json");

const run_ = promisify(execFile);

async function measure(mode: string, file: string): Promise<Measured> {
  const { stdout } = await run_(process.execPath, [CHILD, mode, file]);
  return JSON.parse(stdout) as Measured;
}

export async function run(log: (line: string) => void): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "milepost-normalize-"));
  try {
    const file = join(folder, "status.edi");
    const { segments, messages } = await writeX12File(file, SEGMENTS);
    log(`${segments} segments in ${messages} messages`);
    const x12 = await compare(file, segments, messages, log);
    const edifact = await compareEdifact(join(folder, "status.edifact"), log);
    return {
      bench: "normalize",
      ratios: { ...x12.ratios, ...edifact.ratios },
      figures: { ...x12.figures, ...edifact.figures },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Part = Pick<BenchResult, "ratios" | "figures">;

/** Ours and the public parser in turns on one file. */
async function pairs(
  modes: { ours: string; theirs: string },
  file: string,
  log: (line: string) => void,
): Promise<{ ours: Measured[]; theirs: Measured[]; ratios: number[] }> {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    // Who goes first changes, so that a warming disk or a passing load favours neither.
    const order = pair % 2 === 0 ? [modes.ours, modes.theirs] : [modes.theirs, modes.ours];
    for (const mode of order) {
      const measured = await measure(mode, file);
      (mode === modes.ours ? ours : theirs).push(measured);
      log(`${mode}: ${Math.round(measured.ms)} ms, ${Math.round(measured.peak_mb)} MB`);
    }
  }
  const ratios = ours.map(({ ms }, index) => (theirs[index]?.ms ?? 0) / ms);
  return { ours, theirs, ratios };
}

async function compareEdifact(file: string, log: (line: string) => void): Promise<Part> {
  const { segments, messages } = writeEdifactFile(file, EDIFACT_SEGMENTS);
  log(`${segments} segments of EDIFACT in ${messages} messages`);
  const modes = { ours: "edifact", theirs: "edifact_public" };
  const { ours, theirs, ratios } = await pairs(modes, file, log);
  // The interchange's two segments are ours to check, not to hand out; theirs are handed out.
  expectAll(ours, segments - 2, "ours");
  expectAll(theirs, segments, "the public parser");
  const facts = await repeat("edifact_facts", file, log);
  if (facts.some(({ count, faults }) => count < messages || faults > 0)) {
    throw new Error("Not every message of EDIFACT became a fact");
  }
  return {
    ratios: { edifact_vs_public_parser: rounded(median(ratios)) },
    figures: {
      edifact_vs_public_parser_min: rounded(Math.min(...ratios)),
      edifact_vs_public_parser_max: rounded(Math.max(...ratios)),
      edifact_segments_per_s: perSecond(ours, ({ count }) => count),
      edifact_public_segments_per_s: perSecond(theirs, ({ count }) => count),
      edifact_messages_per_s: perSecond(facts, () => messages),
      edifact_facts_peak_mb: rounded(Math.max(...facts.map(({ peak_mb }) => peak_mb))),
    },
  };
}

const perSecond = (list: readonly Measured[], count: (it: Measured) => number) =>
  rounded(median(list.map((it) => (count(it) / it.ms) * 1000)));

async function compare(
  file: string,
  segments: number,
  messages: number,
  log: (line: string) => void,
): Promise<Part> {
  const { ours, theirs, ratios } = await pairs({ ours: "ours", theirs: "public" }, file, log);
  // The envelope's four segments are ours to check, not to hand out; theirs are handed out.
  expectAll(ours, segments - 4, "ours");
  for (const { count } of theirs) {
    if (count < segments - 4) throw new Error(`The public parser read ${count} of ${segments}`);
  }
  const x12 = await repeat("x12", file, log);
  const json = await repeat("json", JSON_SAMPLE, log);
  if (x12.some(({ facts, faults }) => facts < messages || faults > 0)) {
    throw new Error("Not every message became a fact");
  }
  return {
    ratios: { x12_vs_public_parser: rounded(median(ratios)) },
    figures: {
      x12_vs_public_parser_min: rounded(Math.min(...ratios)),
      x12_vs_public_parser_max: rounded(Math.max(...ratios)),
      segments,
      peak_mb: rounded(Math.max(...ours.map(({ peak_mb }) => peak_mb))),
      public_peak_mb: rounded(Math.max(...theirs.map(({ peak_mb }) => peak_mb))),
      x12_segments_per_s: perSecond(ours, ({ count }) => count),
      public_segments_per_s: perSecond(theirs, ({ count }) => count),
      x12_messages_per_s: perSecond(x12, () => messages),
      x12_facts_per_s: perSecond(x12, ({ facts }) => facts),
      x12_facts_peak_mb: rounded(Math.max(...x12.map(({ peak_mb }) => peak_mb))),
      json_messages_per_s: perSecond(json, ({ count }) => count),
      json_facts_per_s: perSecond(json, ({ facts }) => facts),
      json_peak_mb: rounded(Math.max(...json.map(({ peak_mb }) => peak_mb))),
    },
  };
}

function expectAll(list: readonly Measured[], segments: number, who: string): void {
  for (const { count, faults } of list) {
    if (count !== segments || faults > 0) {
      throw new Error(`${who} read ${count} of ${segments} segments with ${faults} faults`);
    }
  }
}

async function repeat(
  mode: string,
  file: string,
  log: (line: string) => void,
): Promise<Measured[]> {
  const list: Measured[] = [];
  for (let n = 0; n < REPEATS; n += 1) {
    const measured = await measure(mode, file);
    log(`${mode}: ${Math.round(measured.ms)} ms, ${measured.facts} facts`);
    list.push(measured);
  }
  return list;
}
