/**
 * What a partner's answer to an order of ours says. Only one that is about this order is a yes: a
 * gateway says 200 to anything. Where it is not, the partner is asked whether it has the order.
 */
import type { Identifier } from "../../canonical/identifiers.ts";
import type {
  OrderPurpose,
  OrderReceipt,
  TransportOrder,
} from "../../canonical/transport_order.ts";
import { MilepostError } from "../../errors.ts";
import { parseDocument } from "../shared/json/document.ts";
import { JsonNode } from "../shared/json/node.ts";
import { identifiers } from "../shared/reading/reading.ts";
import type { Peer, PeerResponse } from "../source.ts";
import { linked, unwrapped } from "./entity.ts";
import { eventId } from "./event_id.ts";
import { reasonOf, refusal } from "./refusal.ts";

/** What was asked of whom. */
export interface Asked {
  peer: Peer;
  order: TransportOrder;
  purpose: OrderPurpose;
  key: string;
  /** Paths at which the partner may show what it took. */
  places: readonly string[];
}

/** A partner that does not show things answers one of these. */
export const NOT_SHOWN = [400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 501];
/** Words of a state in which an order will not be carried out. */
const REFUSED_STATES = new Set(["rejected", "declined", "refused", "failed", "error", "denied"]);
/** Members that tell a state; the result of a consignment is that of its transport. */
const ORDER_WORDS = ["status", "state", "result"];
const CONSIGNMENT_WORDS = ["status", "state"];
const MAX_NODES = 20_000;

/**
 * The receipt of a 2xx answer. An empty one is about the request that it answers: a yes. Throws
 * `bad_answer` (`later`) when the partner may have taken the order and does not say so.
 */
export async function acceptance(
  asked: Asked,
  response: PeerResponse,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  if (response.body.length === 0) return accepted(asked, new JsonNode(undefined));
  const answer = readAnswer(response);
  const receipt = orderReceipt(asked, answer) ?? (await look(asked, answer, signal));
  if (receipt !== undefined) return receipt;
  const said = reasonOf(answer);
  throw new MilepostError(
    `otm5: the answer to the order is not about it${said === undefined ? "" : `: ${said}`}`,
    { code: "bad_answer", retry: "later", culprit: "otm5" },
  );
}

/** The receipt of a 409: an earlier try may have been taken although its answer was lost. */
export async function afterConflict(
  asked: Asked,
  response: PeerResponse,
  signal: AbortSignal,
): Promise<OrderReceipt> {
  const found = await look(asked, new JsonNode(undefined), signal);
  return found ?? refusal(response, `order ${asked.order.shipment}`);
}

/** Asks for the order under our id, and under the partner's own where it gave one. */
async function look(
  { places, ...asked }: Asked,
  answer: JsonNode,
  signal: AbortSignal,
): Promise<OrderReceipt | undefined> {
  const [ours] = places;
  if (ours === undefined) return undefined;
  const theirs = answer.at("id").text(100);
  const folder = ours.slice(0, ours.lastIndexOf("/"));
  const paths = theirs === undefined ? [ours] : [ours, `${folder}/${encodeURIComponent(theirs)}`];
  for (const path of paths) {
    const response = await asked.peer.request({ method: "GET", path, expect: NOT_SHOWN }, signal);
    if (response.status >= 300 || response.body.length === 0) continue;
    const receipt = orderReceipt({ ...asked, places }, readAnswer(response));
    if (receipt !== undefined) return receipt;
  }
  return undefined;
}

/** What an answer says of our order; nothing when it is about something else, or an error. */
export function orderReceipt(asked: Asked, root: JsonNode): OrderReceipt | undefined {
  if (!isAbout(asked, root)) return undefined;
  const answer = unwrapped(root);
  const state = refusedState(answer);
  if (state !== undefined) {
    const reason = reasonOf(answer) ?? `the partner's answer shows it as ${state}`;
    return { result: "rejected", reason };
  }
  for (const key of ["error", "errors"]) {
    const { value } = root.at(key);
    const isEmpty = value === undefined || value === null || value === false || value === "";
    if (!isEmpty && !(Array.isArray(value) && value.length === 0)) return undefined;
  }
  return accepted(asked, answer);
}

/** Some member holds one of the names under which the order went out. */
export function isAbout({ order, key }: Asked, root: JsonNode): boolean {
  const names = new Set([order.id, order.consignment_id, order.shipment, key, eventId(key)]);
  const waiting: unknown[] = [root.value];
  for (let seen = 0; waiting.length > 0 && seen < MAX_NODES; seen += 1) {
    const value = waiting.pop();
    if (typeof value === "string" && names.has(value)) return true;
    if (typeof value === "object" && value !== null) waiting.push(...Object.values(value));
  }
  return false;
}

function refusedState(answer: JsonNode): string | undefined {
  return stateAmong(answer, REFUSED_STATES);
}

/**
 * The state of these that an answer shows the order in. What it says of the order itself counts; where
 * it says nothing, what it says of all consignments. One of several that is cancelled, or could not
 * be delivered, is not the order.
 */
export function stateAmong(root: JsonNode, states: ReadonlySet<string>): string | undefined {
  const answer = unwrapped(root);
  const own = [answer, answer.at("entity")].flatMap((it) => wordsOf(it, ORDER_WORDS));
  if (own.length > 0) return own.find((word) => states.has(word));
  const consignments = answer.at("consignments").items();
  const found = consignments.map((it) =>
    wordsOf(linked(it)?.entity ?? it, CONSIGNMENT_WORDS).find((word) => states.has(word)),
  );
  return found.includes(undefined) ? undefined : found[0];
}

function wordsOf(node: JsonNode, keys: readonly string[]): string[] {
  return keys.flatMap((key) => node.at(key).text(32)?.toLowerCase() ?? []);
}

/** The same entity comes back, perhaps under the partner's own ids. */
function accepted({ order, purpose }: Asked, answer: JsonNode): OrderReceipt {
  if (purpose !== "original") return { result: "accepted", identifiers: [] };
  const number =
    answer.at("externalAttributes", "orderNumber").text(128) ??
    answer.at("externalAttributes", "transportOrderId").text(128);
  const consignments = answer
    .at("consignments")
    .items()
    .flatMap((it) => linked(it) ?? []);
  const actions = consignments.flatMap(({ entity }) => entity?.at("actions").items() ?? []);
  const ids = [
    ...[order.id, order.consignment_id, ...order.stops.map((it) => it.id)],
    answer.at("id").text(100),
    ...consignments.map((it) => it.id),
    ...actions.map((it) => linked(it)?.id),
  ];
  const named: Identifier[] = identifiers(...ids.map((id) => ["entity", id] as const));
  return {
    result: "accepted",
    ...(number !== undefined && { externalNumber: number }),
    identifiers: named,
  };
}

/** An accepted order whose answer cannot be read would be lost to us: it is asked again. */
export function readAnswer(response: PeerResponse): JsonNode {
  try {
    return new JsonNode(parseDocument("otm5", response.body));
  } catch (cause) {
    throw new MilepostError("otm5: the answer to a transport order is no JSON", {
      code: "bad_answer",
      retry: "later",
      culprit: "otm5",
      cause,
    });
  }
}
