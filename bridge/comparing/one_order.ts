/** One order as the partner shows it, beside what Odoo believes of it. */
import { CONTRACT_VERSION } from "../canonical/exchange.ts";
import { keyedFact } from "../canonical/checked_fact.ts";
import { factKey } from "../canonical/fact_key.ts";
import type {
  OrderDifference,
  OrderStanding,
  ShownMessage,
  ToldOrder,
} from "../canonical/told_order.ts";
import { toUtcText } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { differenceOf } from "./difference.ts";
import type { ComparisonParts } from "./parts.ts";

/** Of the many things that a partner's answer may change, those that somebody acts upon. */
const WATCHED = ["state", "has_pod"];
const MAX_FACTS = 500;

type Parts = Pick<ComparisonParts, "api" | "clock">;

/** Asks the partner. Throws MilepostError with the retry decision. */
export async function shownOf(
  { source, peer, settings }: Connection,
  { payload }: ToldOrder,
  signal: AbortSignal,
): Promise<OrderStanding> {
  if (peer === undefined || source.readOrder === undefined) return { standing: "unsure" };
  return source.readOrder(peer, payload, settings, signal);
}

/** What differs: how the order stands, or else what the partner's answer would change in Odoo. */
export async function differenceIn(
  connection: Connection,
  parts: Parts,
  order: ToldOrder,
  shown: OrderStanding,
  signal: AbortSignal,
): Promise<OrderDifference | undefined> {
  const difference = differenceOf(order, shown);
  if (difference !== undefined || shown.standing !== "there") return difference;
  const { message } = shown;
  return message && stateDifference(connection, parts, order, message, signal);
}

/** Whether Odoo would know another state of the shipment if what the partner shows were a message. */
async function stateDifference(
  connection: Connection,
  { api, clock }: Parts,
  { id, shipment }: ToldOrder,
  message: ShownMessage,
  signal: AbortSignal,
): Promise<OrderDifference | undefined> {
  const now = toUtcText(clock.now());
  const facts = await factsOf(connection, message, clock.now());
  if (facts.length === 0) return undefined;
  const { code } = connection;
  const { mapping } = connection.source;
  const head = { id: "comparison", sha256: "0".repeat(64), received_at: now, mapping };
  const messages = [{ ...head, channel: "replay" as const }];
  const batch = { contract: CONTRACT_VERSION, connection: code, messages, facts };
  const { shipments } = await api.compare(batch, signal);
  const own = shipments.find((it) => it.shipment === shipment);
  const changed = WATCHED.flatMap((name) => {
    const [here, there] = [own?.before.values[name], own?.after.values[name]];
    return there === undefined || here === there
      ? []
      : [`${name}: ${here ?? "–"} here, ${there} there`];
  });
  return changed.length === 0 ? undefined : { id, kind: "state", said: changed.join("; ") };
}

async function factsOf({ source, settings }: Connection, message: ShownMessage, receivedAt: Date) {
  const { facts } = await source.read({ ...message, receivedAt }, settings);
  return facts.slice(0, MAX_FACTS).map(({ fact }) => keyedFact(fact, factKey(fact), "comparison"));
}
