/** Which of a partner's codes Odoo knows no meaning of, asked without changing anything there. */
import {
  CONTRACT_VERSION,
  MAX_BATCH_FACTS,
  speaks,
  type CodeMeaning,
} from "../canonical/exchange.ts";
import type { Fact } from "../canonical/fact.ts";
import { toUtcText } from "../clock.ts";
import { errorText } from "../errors.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import { table } from "./command_kit.ts";

export type OdooCodes =
  { asked: false; why: string } | { asked: true; connection: string; codes: CodeMeaning[] };

const WAIT_MS = 30_000;

/** The codes of the facts, each once, those without a meaning first. */
export async function askCodes(
  api: ExchangeApi,
  connection: string,
  mapping: string,
  facts: readonly Fact[],
): Promise<OdooCodes> {
  const head = {
    id: "trial",
    sha256: "0".repeat(64),
    received_at: toUtcText(new Date()),
    mapping,
    channel: "replay" as const,
  };
  const codes = new Map<string, CodeMeaning>();
  try {
    const { contract, addon } = await api.hello(AbortSignal.timeout(WAIT_MS));
    if (!speaks(contract, "1.3")) {
      return { asked: false, why: `addon ${addon} is older and cannot be asked` };
    }
    for (let from = 0; from < facts.length; from += MAX_BATCH_FACTS) {
      const part = facts.slice(from, from + MAX_BATCH_FACTS);
      const batch = { contract: CONTRACT_VERSION, connection, messages: [head], facts: part };
      for (const one of await api.codeMeanings(batch, AbortSignal.timeout(WAIT_MS))) {
        const name = `${one.kind}\0${one.code}`;
        codes.set(name, { ...one, count: one.count + (codes.get(name)?.count ?? 0) });
      }
    }
  } catch (error) {
    return { asked: false, why: `could not be asked: ${errorText(error)}` };
  }
  const unknownFirst = [...codes.values()].toSorted(
    (a, b) => Number(a.meaning !== null) - Number(b.meaning !== null) || b.count - a.count,
  );
  return { asked: true, connection, codes: unknownFirst };
}

export function codesText(odoo: OdooCodes): string {
  if (!odoo.asked) return `Odoo's code maps: ${odoo.why}`;
  const { codes, connection } = odoo;
  if (codes.length === 0) return "Odoo's code maps: the file gives every code its meaning";
  const rows = codes.map(({ kind, code, count, meaning, sample }) => [
    code,
    kind,
    String(count),
    meaning ?? `no meaning${sample === "" ? "" : `: "${sample}"`}`,
  ]);
  const open = codes.filter((it) => it.meaning === null).length;
  const rest =
    open === 0
      ? []
      : [`${open} have no meaning there: Configuration › Code Maps, or codes of the file.`];
  return [
    `Odoo's code maps of ${connection}:`,
    table(["code", "kind", "count", "meaning"], rows),
    ...rest,
  ].join("\n");
}
