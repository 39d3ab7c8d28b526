/** What Odoo would make of facts, asked without changing anything there. */
import { CONTRACT_VERSION, MAX_BATCH_FACTS, type Verdict } from "../canonical/exchange.ts";
import type { Fact } from "../canonical/fact.ts";
import { toUtcText } from "../clock.ts";
import { errorText } from "../errors.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";

export interface PreviewedFact {
  key: string;
  kind: string;
  /** accepted, duplicate, unmatched, ambiguous or rejected */
  status: string;
  /** Those it would be applied to. */
  shipments: string[];
  /** With `ambiguous`: those it may mean. */
  candidates: string[];
  reason: string | null;
}

export type OdooPreview =
  { asked: false; why: string } | { asked: true; connection: string; facts: PreviewedFact[] };

const WAIT_MS = 30_000;

/** Asks for the verdicts. An Odoo that cannot be asked is no fault of the mapping: it is said. */
export async function previewFacts(
  api: ExchangeApi,
  connection: string,
  mapping: string,
  facts: readonly Fact[],
): Promise<OdooPreview> {
  const now = toUtcText(new Date());
  const sha256 = "0".repeat(64);
  const head = { id: "trial", sha256, received_at: now, mapping, channel: "replay" as const };
  const previewed: PreviewedFact[] = [];
  try {
    for (let from = 0; from < facts.length; from += MAX_BATCH_FACTS) {
      const part = facts.slice(from, from + MAX_BATCH_FACTS);
      const batch = { contract: CONTRACT_VERSION, connection, messages: [head], facts: part };
      const verdicts = await api.preview(batch, AbortSignal.timeout(WAIT_MS));
      previewed.push(...part.map((fact, index) => previewedFact(fact, verdicts[index])));
    }
  } catch (error) {
    return { asked: false, why: `could not be asked: ${errorText(error)}` };
  }
  return { asked: true, connection, facts: previewed };
}

function previewedFact({ key, kind }: Fact, verdict: Verdict | undefined): PreviewedFact {
  const { status = "unmatched", code, shipments = [], candidates = [], reason } = verdict ?? {};
  return {
    key,
    kind,
    status: code === "ambiguous" ? "ambiguous" : status,
    shipments,
    candidates: candidates.map(({ shipment }) => shipment),
    reason: reason ?? code ?? null,
  };
}
