/** What a newer mapping would change in Odoo, states and money, asked without changing anything there. */
import { CONTRACT_VERSION, MAX_BATCH_FACTS, type CompareAnswer } from "../canonical/exchange.ts";
import { fact as factType, type Fact } from "../canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../canonical/fact_key.ts";
import { withdrawalOf } from "../canonical/withdrawal.ts";
import { toUtcText } from "../clock.ts";
import { errorText } from "../errors.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { GivenFacts } from "../partners/comparison.ts";
import type { Facts } from "../store/facts.ts";

export type OdooChange =
  | { asked: false; why: string }
  | {
      asked: true;
      /** Facts that would be told, or told again, and facts that would be withdrawn. */
      told: number;
      withdrawn: number;
      /** Facts that Odoo would not take now, by its own words. */
      refused: Array<{ kind: string; reason: string }>;
      shipments: CompareAnswer["shipments"];
    };

const WAIT_MS = 120_000;

/** Of one connection, whose stored messages were read by both mappings. */
export async function askChange(
  api: ExchangeApi,
  facts: Pick<Facts, "standing">,
  connection: string,
  mapping: string,
  given: GivenFacts,
): Promise<OdooChange> {
  const { told, withdrawn } = await changeOf(facts, connection, given);
  const now = toUtcText(new Date());
  const head = { id: "trial", sha256: "0".repeat(64), received_at: now, mapping };
  const messages = [{ ...head, channel: "replay" as const }];
  const result = { asked: true as const, told: told.length, withdrawn: withdrawn.length };
  const shipments: CompareAnswer["shipments"] = [];
  const refused: Array<{ kind: string; reason: string }> = [];
  try {
    for (const part of batchesOf([...withdrawn, ...told])) {
      const batch = { contract: CONTRACT_VERSION, connection, messages, facts: part };
      const answer = await api.compare(batch, AbortSignal.timeout(WAIT_MS));
      shipments.push(...answer.shipments);
      for (const [index, { status, reason = "" }] of answer.verdicts.entries()) {
        if (status !== "rejected" && status !== "retry") continue;
        refused.push({ kind: part[index]?.kind ?? "", reason });
      }
    }
  } catch (error) {
    return { asked: false, why: `could not be asked: ${errorText(error)}` };
  }
  return { ...result, refused, shipments };
}

/** What a replay would send: as the store does when a message is read again. */
async function changeOf(
  facts: Pick<Facts, "standing">,
  connection: string,
  { before, after }: GivenFacts,
): Promise<{ told: Fact[]; withdrawn: Fact[] }> {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const standing = await facts.standing(connection, keys);
  const now = toUtcText(new Date());
  const told: Fact[] = [];
  const withdrawn: Fact[] = [];
  for (const [key, fact] of before) {
    const known = standing.get(key);
    if (after.has(key) || known === undefined || known.withdrawn) continue;
    withdrawn.push(keyed(withdrawalOf(fact, known.lastWord ?? key, now)));
  }
  for (const [key, fact] of after) {
    const known = standing.get(key);
    if (known === undefined) told.push(keyed(fact));
    else if (known.withdrawn) told.push(keyed(withdrawalOf(fact, known.lastWord ?? key, now)));
  }
  return { told, withdrawn };
}

function keyed(fact: UnkeyedFact): Fact {
  return factType.parse({ ...fact, key: factKey(fact), message: "trial" });
}

/** Batches that Odoo takes; what names one shipment stays together, or each half would be judged alone. */
function batchesOf(facts: readonly Fact[]): Fact[][] {
  const groups = Map.groupBy(facts, ({ identifiers }) => JSON.stringify(identifiers[0]));
  const batches: Fact[][] = [[]];
  for (const group of groups.values()) {
    for (let from = 0; from < group.length; from += MAX_BATCH_FACTS) {
      const part = group.slice(from, from + MAX_BATCH_FACTS);
      const last = batches.at(-1) ?? [];
      if (last.length + part.length > MAX_BATCH_FACTS) batches.push(part);
      else last.push(...part);
    }
  }
  return batches.filter((it) => it.length > 0);
}
