/** Compares the orders of one connection, page by page, each asked of the partner by itself. */
import { createHash } from "node:crypto";
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
import {
  type ComparisonResult,
  type FoundDifference,
  noteShowsOrders,
  showsOrders,
} from "./comparison_state.ts";
import type { ComparisonParts } from "./parts.ts";

/** Of the many things that a partner's answer may change, those that somebody acts upon. */
const WATCHED = ["state", "has_pod"];
const MAX_FACTS = 500;

type Parts = Pick<ComparisonParts, "api" | "inbox" | "properties" | "onAccepted" | "clock">;
type Compared = Omit<ComparisonResult, "at">;

/** @param before what the last comparison found, for since when it is */
export async function compareOrders(
  connection: Connection,
  parts: Parts,
  before: readonly FoundDifference[],
  signal: AbortSignal,
): Promise<Compared> {
  const { api, properties, clock } = parts;
  const { code } = connection;
  const found: Array<{ order: ToldOrder; difference: OrderDifference }> = [];
  const compared: number[] = [];
  let [asked, unsure, after] = [0, 0, 0];
  let shows = await showsOrders(properties, code);
  do {
    const page = await api.toldOrders(code, after, false, signal);
    for (const order of page.orders) {
      signal.throwIfAborted();
      asked += 1;
      const shown = await shownOf(connection, order, signal);
      if (shown.standing === "unsure") unsure += 1;
      else compared.push(order.id);
      if (shown.standing === "there" && !shows) {
        await noteShowsOrders(properties, code);
        shows = true;
      }
      const difference =
        differenceOf(order, shown) ??
        (await stateDifference(connection, parts, order, shown, signal));
      if (difference !== undefined) found.push({ order, difference });
    }
    after = page.next;
  } while (after > 0);
  // A partner whose interface shows no order at all answers 404 to each: that says nothing.
  const meant = found.filter(({ difference }) => shows || difference.kind !== "missing");
  const nothing = found.length - meant.length;
  const silent =
    nothing === 0 ? null : `the partner shows none of ${nothing} orders, nor ever showed one`;
  await api.reportDifferences(
    code,
    compared,
    meant.map(({ difference }) => difference),
    signal,
  );
  const now = toUtcText(clock.now());
  const told = meant.map(({ order, difference: { id, kind, said } }) => {
    const known = before.find((it) => it.id === id && it.kind === kind);
    return { id, shipment: order.shipment, kind, said, since: known?.since ?? now };
  });
  return { asked, unsure: unsure + nothing, why: silent, found: told };
}

/** Reads what the partner shows of the order now as a message of his. */
export async function lookAgain(
  connection: Connection,
  { api, inbox, onAccepted, clock }: Parts,
  order: ToldOrder,
  signal: AbortSignal,
): Promise<void> {
  const { code } = connection;
  const shown = await shownOf(connection, order, signal);
  const message = shown.standing === "there" ? shown.message : undefined;
  if (message !== undefined) {
    const sha256 = createHash("sha256").update(message.body).digest("hex");
    const receivedAt = clock.now().getTime();
    const stored = { ...message, connection: code, channel: "poll" as const, receivedAt };
    await inbox.accept([{ ...stored, dedupeKey: `order ${order.id} ${sha256}` }]);
    onAccepted();
  }
  const difference = differenceOf(order, shown);
  await api.reportDifferences(
    code,
    [order.id],
    difference === undefined ? [] : [difference],
    signal,
  );
}

async function shownOf(
  { source, peer, settings }: Connection,
  { payload }: ToldOrder,
  signal: AbortSignal,
): Promise<OrderStanding> {
  if (peer === undefined || source.readOrder === undefined) return { standing: "unsure" };
  return source.readOrder(peer, payload, settings, signal);
}

/** Whether Odoo would know another state of the shipment if what the partner shows were a message. */
async function stateDifference(
  connection: Connection,
  { api, clock }: Parts,
  { id, shipment }: ToldOrder,
  shown: OrderStanding,
  signal: AbortSignal,
): Promise<OrderDifference | undefined> {
  if (shown.standing !== "there" || shown.message === undefined) return undefined;
  const now = toUtcText(clock.now());
  const facts = await factsOf(connection, shown.message, clock.now());
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
