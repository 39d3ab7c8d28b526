/**
 * Orders and outcomes by the template of the partner's file.
 *
 * An order is accepted by an answer of which the file says that it takes this order; whatever else
 * comes back is tried again. Where the file says how to find an order, one whose earlier try was
 * not answered is looked for before it is sent again.
 */
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Outcome } from "../../canonical/outcome.ts";
import type { OrderReceipt, TransportOrder } from "../../canonical/transport_order.ts";
import { MilepostError } from "../../errors.ts";
import type { JsonNode } from "../shared/json/node.ts";
import type { OutgoingOrder, Peer, PeerResponse } from "../source.ts";
import { mappingLabel } from "./mapping.ts";
import type { AnswerRule, OrderRules } from "./order_rules.ts";
import type { Partner } from "./partner_file.ts";
import { orderProgramOf, type RequestName, type Template } from "./program.ts";
import { fill, requestOf } from "./requests.ts";
import { identifiersAt, isTrueAt, textAt } from "./values.ts";

const ACCEPT = { json: "application/json", xml: "application/xml", text: "*/*" } as const;

/** What an answer says; the last two are of a partner who is asked for an order. */
export type PartnerAnswer =
  OrderReceipt | { result: "cancelled"; reason: string } | { result: "missing" };

/** What an order or outcome is, for the expressions. */
interface Sent {
  context: unknown;
  bindings: Record<string, unknown>;
  key: string;
}

/** Sends an order, a change or a cancellation. Throws MilepostError with the retry decision. */
export async function sendOrder(
  peer: Peer,
  { purpose, order, key, number, attempt }: OutgoingOrder,
  partner: Partner,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const sent = { context: order, key, bindings: { purpose, key, number } };
  const { orders } = partner.mapping;
  const canLook = orders?.find !== undefined && peer.isSilent !== true;
  if (attempt > 1 && purpose === "original" && canLook) {
    const found = await exchange(peer, partner, orders, "find", sent, signal);
    if (found?.result === "accepted") return found;
  }
  return answered(peer, partner, purpose, sent, signal);
}

/** The order as the partner shows it; nothing where its answer does not say. */
export async function findOrder(
  peer: Peer,
  order: TransportOrder,
  partner: Partner,
  signal: AbortSignal,
): Promise<PartnerAnswer | undefined> {
  const { orders } = partner.mapping;
  if (orders?.find === undefined) return undefined;
  // The original went out under the shipment's own UUID.
  const { id: key } = order;
  const sent = { context: order, key, bindings: { purpose: "original", key } };
  return exchange(peer, partner, orders, "find", sent, signal);
}

/** Tells what became of the money. Throws MilepostError with the retry decision. */
export function sendOutcome(
  peer: Peer,
  outcome: Outcome,
  key: string,
  partner: Partner,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const bindings = { purpose: "outcome", key };
  return answered(peer, partner, "outcome", { context: outcome, key, bindings }, signal);
}

async function answered(
  peer: Peer,
  partner: Partner,
  name: RequestName,
  sent: Sent,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const { orders } = partner.mapping;
  if (orders?.[name] === undefined) {
    const reason = `the partner takes none of these: its file has no orders/${name}`;
    return { result: "rejected", reason };
  }
  const receipt = await exchange(peer, partner, orders, name, sent, signal);
  if (receipt?.result === "accepted" || receipt?.result === "rejected") return receipt;
  throw new MilepostError(
    `${mappingLabel(partner.mapping)}: the answer to the order neither accepts nor rejects it`,
    {
      code: "bad_answer",
      retry: "later",
      culprit: mappingLabel(partner.mapping),
      hint: `see orders/${name}/answer of the partner's file`,
    },
  );
}

/** One request and its answer; nothing when that does not say. */
async function exchange(
  peer: Peer,
  partner: Partner,
  orders: OrderRules,
  name: RequestName,
  sent: Sent,
  signal: AbortSignal,
): Promise<PartnerAnswer | undefined> {
  const rule = orders[name];
  const program = orderProgramOf(orders, name);
  if (rule === undefined || program === undefined) return undefined;
  const { context, bindings } = sent;
  const filled = await fill(partner, { fill: program.request, context, bindings });
  const answer = rule.answer ?? orders.answer;
  const { request, ending } = requestOf(partner, `orders/${name}`, rule, filled);
  const headers = { accept: ACCEPT[answer?.format ?? "json"], ...request.headers };
  const named = textAt(filled.at("file"), 200);
  const file = named ?? `${name}-${sent.key.replaceAll(/[^A-Za-z0-9._-]/g, "-")}.${ending}`;
  const response = await peer.request({ ...request, headers, file }, signal);
  if (answer === undefined || program.answer === undefined) {
    const isTaken = response.status < 300 && response.body.length === 0;
    return isTaken ? { result: "accepted", identifiers: [] } : undefined;
  }
  return answerOf(partner, answer, program.answer, response, sent);
}

async function answerOf(
  partner: Partner,
  { format }: AnswerRule,
  template: Template,
  { status, headers, body }: PeerResponse,
  { context, bindings }: Sent,
): Promise<PartnerAnswer | undefined> {
  const document = { format: body.length === 0 ? ("text" as const) : format, body };
  let said: JsonNode;
  try {
    said = await fill(partner, {
      fill: template,
      document,
      bindings: { ...bindings, status, headers, order: context },
    });
  } catch (error) {
    // A proxy's page, a cut body: no word of the partner.
    if (error instanceof MilepostError && error.code.startsWith("not_")) return undefined;
    throw error;
  }
  if (isTrueAt(said.at("missing"))) return isPage(body) ? undefined : { result: "missing" };
  const reason = textAt(said.at("reason"), 512);
  if (isTrueAt(said.at("rejected"))) {
    return { result: "rejected", reason: reason ?? `the partner refused it (${status})` };
  }
  if (isTrueAt(said.at("cancelled"))) {
    return { result: "cancelled", reason: reason ?? "shown as cancelled" };
  }
  if (!isTrueAt(said.at("accepted"))) return undefined;
  const number = textAt(said.at("number"), 128);
  const identifiers: Identifier[] = identifiersAt(said.at("identifiers"));
  return {
    result: "accepted",
    identifiers,
    ...(number !== undefined && { externalNumber: number }),
  };
}

/** A web page is a gateway's, whatever the rule makes of its status. */
function isPage(body: Buffer): boolean {
  return /^\s*<(!doctype html|html)/i.test(body.toString("latin1", 0, 64));
}
