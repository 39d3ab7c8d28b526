/** Reads one file as the bridge would, and says what came of it. */
import { Decimal } from "decimal.js";
import { MilepostError } from "../../bridge/errors.ts";
import { sources } from "../../bridge/sources/registry.ts";
import type { Finding, Reading } from "../../bridge/canonical/reading.ts";
import { countEnvelopes } from "./envelopes.ts";
import { rawMessage, recognise } from "./recognise.ts";

export interface Judged {
  path: string;
  format: string;
  /** Why it is no message, or why nobody knows it. */
  reason?: string;
  envelopes: number;
  messages: number;
  facts: Record<string, number>;
  /** Codes without a meaning here, and how often. */
  unmapped: Record<string, number>;
  warnings: string[];
  errors: string[];
  /** What the door says to it: the code and place of the first fault that refuses it. */
  refused?: string;
  /** Whether each invoice's lines add up to its total; null without an invoice. */
  money_ok: boolean | null;
  /** What should not be so; empty when all is as the file's name promises. */
  wrong: string[];
}

/** Names that promise faults: what they hold need not be clean. */
const FAULTY = /wrong|bad|truncated|traps|refused|mismatch/i;

/** How a file is taken apart before its source reads it. */
const READERS = { recognise, countEnvelopes };

/**
 * Judges a file; `now` is when it would have come. What breaks while it is read is a fault of this
 * file's reading, in `errors` and `wrong`: the files after it are judged all the same.
 */
export function judgeFile(path: string, body: Buffer, now: Date, readers = READERS): Judged {
  const judged: Judged = {
    path,
    format: "unknown",
    envelopes: 0,
    messages: 0,
    facts: {},
    unmapped: {},
    warnings: [],
    errors: [],
    money_ok: null,
    wrong: [],
  };
  try {
    judge(judged, body, now, readers);
  } catch (error) {
    const text = `the reading failed: ${String(error)}`;
    judged.errors.push(text);
    judged.wrong.push(text);
  }
  return judged;
}

function judge(judged: Judged, body: Buffer, now: Date, readers: typeof READERS): void {
  const { path } = judged;
  const recognised = readers.recognise(path, body);
  Object.assign(judged, recognised);
  if (recognised.format === "unknown") judged.wrong.push("not recognised");
  const source = sources.get(recognised.format);
  if (source === undefined) return;
  const { interchanges, messages } = readers.countEnvelopes(source.id, body);
  Object.assign(judged, { envelopes: interchanges, messages });
  const settings = source.settings.parse({});
  const message = rawMessage(path, body, now);
  try {
    source.check(message, settings);
  } catch (error) {
    judged.refused = refusal(error);
  }
  try {
    addReading(judged, source.read(message, settings) as Reading);
  } catch (error) {
    judged.refused = refusal(error);
  }
  judged.wrong.push(...expectations(judged));
}

function refusal(error: unknown): string {
  if (!(error instanceof MilepostError)) throw error;
  return `${error.code} at ${error.path || "the top"}: ${error.message}`;
}

function addReading(judged: Judged, { facts, findings }: Reading): void {
  const totals: boolean[] = [];
  for (const { fact } of facts) {
    judged.facts[fact.kind] = (judged.facts[fact.kind] ?? 0) + 1;
    if (fact.kind === "milestone" && fact.code === undefined && fact.conditions === undefined) {
      judged.unmapped[fact.raw_code] = (judged.unmapped[fact.raw_code] ?? 0) + 1;
    }
    if (fact.kind === "carrier_invoice") {
      const sum = fact.lines.reduce((so_far, it) => so_far.plus(it.amount), new Decimal(0));
      totals.push(sum.eq(fact.total));
    }
  }
  const text = ({ code, path, text: words }: Finding) => `${code} ${path}: ${words}`;
  for (const finding of findings) {
    const { severity, code } = finding;
    judged[severity === "error" ? "errors" : "warnings"].push(text(finding));
    if (code === "unmapped_code" && /charge/.test(finding.text)) {
      judged.unmapped[finding.text] = (judged.unmapped[finding.text] ?? 0) + 1;
    }
  }
  const mismatch = findings.some((it) => it.code === "money_mismatch");
  if (totals.length > 0) judged.money_ok = totals.every(Boolean) && !mismatch;
}

/** Read as nothing: a message without a fact, a finding or a refusal. */
export function isEmpty(judged: Judged): boolean {
  const { format, facts, warnings, errors, refused } = judged;
  if (!sources.has(format)) return false;
  const said = Object.keys(facts).length + warnings.length + errors.length;
  return said === 0 && refused === undefined;
}

function expectations(judged: Judged): string[] {
  const { path, refused, format, messages, money_ok } = judged;
  const name = path.split("/").at(-1) ?? path;
  const wrong: string[] = [];
  if (isEmpty(judged)) wrong.push("read as nothing");
  if (messages === 0) wrong.push("holds no message");
  if (format === "dcsa" && /wrong/.test(name)) {
    if (refused === undefined) wrong.push("is named wrong and was not refused");
    else if (!/ at \//.test(refused)) wrong.push(`is refused without its place: ${refused}`);
  } else if (refused !== undefined && !FAULTY.test(name)) wrong.push(`refused: ${refused}`);
  if (money_ok === false && !FAULTY.test(name)) wrong.push("amounts do not add up");
  return wrong;
}
