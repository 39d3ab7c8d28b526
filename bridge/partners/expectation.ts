/**
 * What kept samples are expected to give: beside each sample lies `<sample>.facts.json`, which a
 * person looked at. A change of the mapping is tried against all of them before it is enabled.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { fact as factType } from "../canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../canonical/fact_key.ts";
import { MilepostError } from "../errors.ts";
import type { Partner } from "../sources/mapped/partner_file.ts";
import { type Change, changesOf } from "./comparison.ts";
import { EXPECTATION, type Sample } from "./samples.ts";
import { type Trial, tryMessage } from "./trial.ts";

const expectationType = z.strictObject({
  /** As if the sample had come then: what a message does not say is taken from its arrival. */
  received_at: z.iso.datetime(),
  /** Code of the refusal; null for a sample that is read. */
  refused: z.string().nullable(),
  /** Codes of what is odd in it, each with its place. */
  findings: z.array(z.string()),
  facts: z.array(z.record(z.string(), z.unknown())),
});
type Expectation = z.infer<typeof expectationType>;

export interface Judged {
  sample: string;
  /** `new`: nothing is expected of it yet. */
  status: "passed" | "failed" | "new";
  facts: number;
  /** Against what was expected: `added` is not expected, `removed` is missing. */
  changes: Change[];
  /** Refusals and findings that differ, in words. */
  remarks: string[];
}

/** Reads a sample and compares what comes out with what lies beside it. Throws `expectation_invalid`. */
export async function judge(sample: Sample, partner: Partner): Promise<Judged> {
  const expected = expectationOf(sample.name);
  const receivedAt = expected === undefined ? new Date() : new Date(expected.received_at);
  const trial = await tryMessage(sample.name, { ...sample.message, receivedAt }, partner);
  const head = { sample: sample.name, facts: trial.facts.length };
  if (expected === undefined) return { ...head, status: "new", changes: [], remarks: [] };
  const changes = changesOf(trialOf(sample.name, expected), trial);
  const remarks = remarksOf(expected, said(trial, receivedAt));
  const status = changes.length + remarks.length === 0 ? "passed" : "failed";
  return { ...head, status, changes, remarks };
}

/** Writes what comes out of a sample now, for a person to look at; gives the file. */
export async function keep(sample: Sample, partner: Partner): Promise<string> {
  const { receivedAt } = sample.message;
  const trial = await tryMessage(sample.name, sample.message, partner);
  const file = fileOf(sample.name);
  writeFileSync(file, `${JSON.stringify(said(trial, receivedAt), null, 2)}\n`);
  return file;
}

function fileOf(sample: string): string {
  return `${sample}${EXPECTATION}`;
}

function expectationOf(sample: string): Expectation | undefined {
  const file = fileOf(sample);
  if (!existsSync(file)) return undefined;
  let tree: unknown;
  try {
    tree = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw invalid(file, "is no JSON", cause);
  }
  const parsed = expectationType.safeParse(tree);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `${issue?.path.join("/") ?? ""}: ${issue?.message ?? "has no shape"}`);
}

/** Facts without what depends on nothing but the trial itself. */
function said({ facts, findings, refused }: Trial, receivedAt: Date): Expectation {
  return {
    received_at: receivedAt.toISOString(),
    refused: refused?.code ?? null,
    findings: findings.map(({ code, path }) => `${code} ${path || "/"}`),
    facts: facts.map(({ fact }) => ({ ...fact })),
  };
}

function trialOf(name: string, { facts }: Expectation): Trial {
  return {
    name,
    findings: [],
    facts: facts.map((it, index) => {
      const keyed = factType.safeParse({ ...it, key: "0".repeat(64), message: "expected" });
      if (!keyed.success) throw invalid(fileOf(name), `facts/${index} is no fact`);
      const fact = it as unknown as UnkeyedFact;
      return { key: factKey(fact), fact };
    }),
  };
}

function remarksOf(expected: Expectation, got: Expectation): string[] {
  const refusal =
    expected.refused === got.refused
      ? []
      : [`refused: expected ${expected.refused ?? "no"}, got ${got.refused ?? "no"}`];
  const missing = without(expected.findings, got.findings).map((it) => `finding missing: ${it}`);
  const fresh = without(got.findings, expected.findings).map((it) => `finding not expected: ${it}`);
  return [...refusal, ...missing, ...fresh];
}

function without(list: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return list.filter((it) => {
    const at = left.indexOf(it);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function invalid(file: string, what: string, cause?: unknown): MilepostError {
  return new MilepostError(`${file} ${what}`, {
    code: "expectation_invalid",
    retry: "never",
    culprit: file,
    hint: "write it anew with milepost partner test --write, and look at what changed",
    ...(cause !== undefined && { cause }),
  });
}
