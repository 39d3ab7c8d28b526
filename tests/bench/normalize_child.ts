/**
 * One measurement of `normalize` in a process of its own: `normalize_child.ts MODE FILE`.
 * Prints one line of JSON; the clock runs from the first byte read to the last thing made of it.
 */
import { createReadStream, readFileSync } from "node:fs";
import { walk } from "../../bridge/sources/edifact/envelope.ts";
import { decode, segments } from "../../bridge/sources/edifact/segments.ts";
import { edifactSource } from "../../bridge/sources/edifact/source.ts";
import { x12Source } from "../../bridge/sources/x12/source.ts";
import { streamSets } from "../../bridge/sources/x12/stream.ts";
import { easypostSource } from "../../bridge/sources/easypost/source.ts";
import type { RawMessage } from "../../bridge/sources/source.ts";

export interface Measured {
  ms: number;
  /** Segments (tokenizers), messages (sources). */
  count: number;
  facts: number;
  /** Findings, or envelope faults: a good file has none. */
  faults: number;
  peak_mb: number;
}

type Result = Omit<Measured, "ms" | "peak_mb">;

const JSON_MESSAGES = 5_000;

/** Our tokenizer with the envelope's counts and control numbers checked and positions kept. */
async function ours(file: string): Promise<Result> {
  const result = { count: 0, facts: 0, faults: 0 };
  for await (const item of streamSets(createReadStream(file))) {
    if ("set" in item) result.count += item.set.segments.length + 1;
    else if ("trouble" in item) result.faults += 1;
  }
  return result;
}

/** The public streaming parser, which checks nothing. */
async function publicParser(file: string): Promise<Result> {
  const { X12parser } = await import("x12-parser");
  const result = { count: 0, facts: 0, faults: 0 };
  const parser = createReadStream(file).pipe(new X12parser());
  await new Promise<void>((resolve, reject) => {
    parser.on("data", () => void (result.count += 1));
    parser.on("end", resolve);
    parser.on("error", reject);
  });
  return result;
}

/** Our EDIFACT segments, each taken apart, with the envelope's counts and references checked. */
function edifact(file: string): Result {
  const result = { count: 0, facts: 0, faults: 0 };
  for (const walked of walk(segments(decode(readFileSync(file))))) {
    if (!("message" in walked)) continue;
    result.faults += walked.message.faults.length;
    // UNT closes the message, it is not handed out.
    result.count += 1;
    for (const { elements } of walked.message.segments) result.count += elements.length > 0 ? 1 : 0;
  }
  return result;
}

/** The public EDIFACT parser alone, which checks nothing: its elements as arrays, like ours. */
async function publicEdifact(file: string): Promise<Result> {
  const { default: Parser } = await import("edifact/parser.js");
  const result = { count: 0, facts: 0, faults: 0 };
  const parser = new Parser();
  // UNOA, its default, knows no lower case.
  parser.encoding("UNOY");
  let elements: string[][] = [];
  parser.onopensegment = () => {
    elements = [];
  };
  parser.onelement = () => void elements.push([]);
  parser.oncomponent = (data) => void elements.at(-1)?.push(data);
  parser.onclosesegment = () => {
    result.count += elements.length > 0 ? 1 : 0;
  };
  parser.write(readFileSync(file, "utf8"));
  return result;
}

function messageOf(body: Buffer, contentType: string): RawMessage {
  return { body, contentType, receivedAt: new Date("2026-07-12T00:00:00Z"), attributes: {} };
}

/** Everything up to the facts, part by part as the bridge takes them. */
function x12Facts(file: string): Result {
  const result = { count: 0, facts: 0, faults: 0 };
  const message = messageOf(readFileSync(file), "application/edi-x12");
  const settings = x12Source.settings.parse({ acknowledge: false });
  for (const part of x12Source.readParts?.(message, settings) ?? []) {
    result.count += part.facts.filter(({ fact }) => fact.kind === "milestone").length;
    result.facts += part.facts.length;
    result.faults += part.findings.length;
  }
  return result;
}

function edifactFacts(file: string): Result {
  const result = { count: 0, facts: 0, faults: 0 };
  const message = messageOf(readFileSync(file), "application/edifact");
  const settings = edifactSource.settings.parse({ acknowledge: "none" });
  for (const part of edifactSource.readParts?.(message, settings) ?? []) {
    result.count += part.facts.filter(({ fact }) => fact.kind === "milestone").length;
    result.facts += part.facts.length;
    result.faults += part.findings.length;
  }
  return result;
}

/** A carrier's webhook, checked and read as often. */
function jsonFacts(file: string): Result {
  const result = { count: 0, facts: 0, faults: 0 };
  const body = readFileSync(file);
  const settings = easypostSource.settings.parse({});
  for (let n = 0; n < JSON_MESSAGES; n += 1) {
    const message = messageOf(body, "application/json");
    easypostSource.check(message, settings);
    const reading = easypostSource.read(message, settings);
    result.count += 1;
    result.facts += reading.facts.length;
    result.faults += reading.findings.length;
  }
  return result;
}

const MODES: Record<string, (file: string) => Result | Promise<Result>> = {
  ours,
  public: publicParser,
  edifact,
  edifact_public: publicEdifact,
  x12: x12Facts,
  edifact_facts: edifactFacts,
  json: jsonFacts,
};

const [mode = "", file = ""] = process.argv.slice(2);
const start = performance.now();
const result = await MODES[mode]?.(file);
if (result === undefined) throw new Error(`There is no mode "${mode}"`);
const measured: Measured = {
  ms: performance.now() - start,
  ...result,
  peak_mb: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(measured));
