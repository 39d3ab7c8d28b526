/** A dry run of a mapping over messages: what came out, what stayed unmapped, what is wrong. */
import { fact as factType, type Fact } from "../canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../canonical/fact_key.ts";
import { errorText, MilepostError } from "../errors.ts";
import { mappedSource } from "../sources/mapped/source.ts";
import type { Partner } from "../sources/mapped/partner_file.ts";
import type { Finding, Reading } from "../canonical/reading.ts";
import type { RawMessage } from "../sources/source.ts";

export interface TrialFact {
  key: string;
  fact: UnkeyedFact;
}

export interface Trial {
  /** File or message id. */
  name: string;
  facts: TrialFact[];
  findings: Finding[];
  /** Why nothing could be read; `quarantine` says whether it would be set aside there. */
  refused?: { code: string; text: string; path: string; quarantine: boolean };
}

/** Reads one message as the bridge would, and keeps nothing. */
export async function tryMessage(
  name: string,
  message: RawMessage,
  partner: Partner,
): Promise<Trial> {
  let reading: Reading;
  try {
    mappedSource.check(message, partner);
    reading = await mappedSource.read(message, partner);
  } catch (error) {
    const fault = error instanceof MilepostError ? error : undefined;
    const refused = {
      code: fault?.code ?? "unexpected",
      text: errorText(error),
      path: fault?.path ?? "",
      quarantine: fault?.retry === "quarantine",
    };
    return { name, facts: [], findings: [], refused };
  }
  const facts = reading.facts.map(({ fact }) => ({ key: factKey(fact), fact }));
  return { name, facts, findings: reading.findings };
}

/** The facts as Odoo would get them, each once. */
export function keyedFacts(trials: readonly Trial[]): Fact[] {
  const facts = new Map<string, Fact>();
  for (const { facts: read } of trials) {
    for (const { key, fact } of read) {
      facts.set(key, factType.parse({ ...fact, key, message: "trial" }));
    }
  }
  return [...facts.values()];
}

/** What the mapping has no meaning for. */
export const UNMAPPED = "unmapped";

/** What the sender's codes became, over all messages; unmapped ones first. */
export function codeTable(
  trials: readonly Trial[],
): Array<{ raw: string; meaning: string; count: number; mapped: boolean }> {
  const rows = new Map<string, { raw: string; meaning: string; count: number; mapped: boolean }>();
  for (const { facts } of trials) {
    for (const { fact } of facts) {
      const said = meaningOf(fact);
      if (said === undefined) continue;
      const key = `${said.raw}\0${said.meaning}`;
      const row = rows.get(key) ?? { ...said, count: 0 };
      rows.set(key, { ...row, count: row.count + 1 });
    }
  }
  return [...rows.values()].toSorted(
    (a, b) => Number(a.mapped) - Number(b.mapped) || b.count - a.count || (a.raw < b.raw ? -1 : 1),
  );
}

function meaningOf(fact: UnkeyedFact) {
  if (fact.kind === "charge") {
    const mapped = fact.charge_type !== "misc";
    return { raw: fact.raw_code, meaning: `charge ${fact.charge_type}`, mapped };
  }
  if (fact.kind !== "milestone") return undefined;
  const { raw_code: raw, code, conditions = [], classifier } = fact;
  const what = [...(code === undefined ? [] : [code]), ...conditions].join(" + ");
  return {
    raw,
    meaning: what === "" ? UNMAPPED : `${what} (${classifier})`,
    mapped: what !== "",
  };
}
