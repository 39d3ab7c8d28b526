/**
 * IFTSTA, transport status: consignments (CNI), each with its events (STS).
 *
 * An event is what stands between its STS and the next STS or CNI. After a TDT the places and
 * times are those of the voyage's legs: forecasts and port calls beside the event itself.
 */
import type { Milestone } from "../../canonical/fact.ts";
import { defined } from "../shared/reading/reading.ts";
import {
  PARTIAL_REASON,
  REFUSED_REASONS,
  reasonOf,
  type Status,
  statusOf,
  type StopKind,
  stopKindOf,
} from "./codes.ts";
import type { MessageContext } from "./message_context.ts";
import { type Located, readLoc, readNad } from "./places.ts";
import { addPod } from "./pod.ts";
import { eventTime } from "./event_time.ts";
import { addForecasts } from "./forecasts.ts";
import { namesOf, sayUnreadNames } from "./references.ts";
import { isCancellation, sayMilestone } from "./said_event.ts";
import type { Segment } from "./segments.ts";
import type { StatusGroup } from "./status_group.ts";
import { sayUnread } from "./unread.ts";

interface Consignment {
  cni: Segment | undefined;
  head: Segment[];
  groups: StatusGroup[];
}

/** LOC qualifiers in the order in which they say where the event was. */
const EVENT_PLACES = "175 14 7 8 20 83 85 11 9 5 198 10 80 84 88".split(" ");
/** The same for a consignment's own LOC, which tell its route: a departure is at its beginning. */
const ORIGIN_PLACES = "175 14 5 198 10 80 84 88 9".split(" ");
/** Where neither beginning nor end is meant, the route does not say where it was. */
const ACTIVITY_PLACES = ["175", "14"];
/** Countries and offices: no place of an event. */
const NO_EVENT_PLACES = new Set("25 27 28 30 35 36 37 38 39 49 57 73".split(" "));

/** Reads all consignments of the message. */
export function readIftsta(context: MessageContext): void {
  const { head, consignments } = split(context.message.segments);
  if (context.isCut) dropLast(context, consignments);
  const events = consignments.reduce((sum, it) => sum + it.groups.length, 0);
  if (events === 0 && !context.isCut) {
    const [unh] = context.message.segments;
    context.finding("error", "no_events", "the message names no status (STS)", unh as Segment);
  }
  sayUnread(context);
  sayUnreadNames(context);
  for (const consignment of consignments) {
    for (const group of consignment.groups) readGroup(context, head, consignment, group);
  }
}

/** The event before the cut may lack its place, and with it its zone: it comes again, whole. */
function dropLast(context: MessageContext, consignments: Consignment[]): void {
  const last = consignments.findLast((it) => it.groups.length > 0)?.groups.pop();
  if (last === undefined) return;
  context.finding("error", "cut_event", "the file ends before the event does", last.sts);
}

function split(segments: readonly Segment[]): { head: Segment[]; consignments: Consignment[] } {
  const head: Segment[] = [];
  const consignments: Consignment[] = [];
  let current: Consignment | undefined;
  let group: StatusGroup | undefined;
  for (const segment of segments) {
    if (segment.tag === "CNI") {
      current = { cni: segment, head: [segment], groups: [] };
      consignments.push(current);
      group = undefined;
    } else if (segment.tag === "STS") {
      // A message about one consignment may leave its CNI out.
      if (current === undefined) {
        current = { cni: undefined, head: [], groups: [] };
        consignments.push(current);
      }
      group = { sts: segment, own: [], legs: [] };
      current.groups.push(group);
    } else if (group !== undefined) {
      const inLegs = segment.tag === "TDT" || group.legs.length > 0;
      const ofGoods = ["EQD", "GID", "PCI", "GIN", "SEL", "RFF", "FTX"].includes(segment.tag);
      (inLegs && !ofGoods ? group.legs : group.own).push(segment);
    } else (current?.head ?? head).push(segment);
  }
  return { head, consignments };
}

function readGroup(
  context: MessageContext,
  head: readonly Segment[],
  consignment: Consignment,
  group: StatusGroup,
): void {
  const names = namesOf(group.own, consignment.head, head);
  if (!names.some((it) => it.type !== "scac" && it.type !== "seal")) {
    context.finding("error", "no_reference", "nothing names the shipment", group.sts);
    return;
  }
  const lane = names[0]?.value ?? "-";
  const { raw, reasons } = placement(group.sts);
  const route = routeEnd(raw);
  const where =
    placeOf([group.own, group.legs], EVENT_PLACES) ?? placeOf([consignment.head, head], route);
  const stop = stopKindOf(where?.qualifier);
  if (raw === "") {
    context.finding("error", "no_status", "no status code in any of its three places", group.sts);
    return;
  }
  const status = statusWithReasons(context, raw, stop, reasons, group.sts);
  const time = eventTime(context, status, group, where?.zone);
  if (time === undefined) return;
  const text = freeText(group);
  const milestone = defined({
    kind: "milestone" as const,
    message_path: context.path(group.sts),
    identifiers: names,
    applies_to: "one" as const,
    recorded_at: context.recordedAt,
    code: status?.code,
    conditions: status?.condition === undefined ? undefined : [status.condition],
    classifier: status?.classifier ?? time.classifier,
    occurred: time.occurred,
    stop: stopReference(status, stop),
    place: where?.place,
    reasons:
      reasons.length === 0
        ? undefined
        : reasons.map((code) => ({ code: reasonOf(code), raw: code })),
    raw_code: raw,
    raw_text: text,
  });
  sayMilestone(context, milestone, lane, time.dated);
  if (!isCancellation(context)) {
    addPod(context, group, names, status, time.occurred, lane);
  }
  addForecasts(context, group, names, where, lane);
}

/** `STS+1+21+39`, `STS+1+VD::22`, and UPS's `STS+1:D2:21`, which hides it in the category. */
function placement({ elements }: Segment): { raw: string; reasons: string[] } {
  const [, hidden = ""] = elements[0] ?? [];
  const raw = elements[1]?.[0] || (/^[A-Z][A-Z0-9]$/.test(hidden) ? hidden : "");
  const reasons = elements
    .slice(2)
    .map((it) => it[0] ?? "")
    .filter((it) => it !== "");
  return { raw: raw.slice(0, 64), reasons: [...new Set(reasons)].slice(0, 8) };
}

function statusWithReasons(
  context: MessageContext,
  raw: string,
  stop: StopKind,
  reasons: readonly string[],
  sts: Segment,
): Status | undefined {
  const own = context.settings.status_codes[raw];
  if (own === "unmapped") return undefined;
  const status = own === undefined ? statusOf(raw, stop) : { code: own };
  if (status === undefined) {
    context.builder.finding("warning", "unmapped_code", context.path(sts), `status "${raw}"`);
    return undefined;
  }
  const failed = status.code === "delivery_attempted" || status.code === "delivered";
  if (failed && reasons.some((it) => REFUSED_REASONS.has(it))) return { code: "refused" };
  if (status.code === "delivered" && reasons.includes(PARTIAL_REASON)) {
    return { code: "partially_delivered" };
  }
  return status;
}

/** Statuses of the route's beginning; of its end (arrived, delivered, refused …). */
const DEPARTING = new Set("13 24 27 48 50 53 55 57 86 AE AF AL P RL VD OA".split(" "));
const ARRIVING = new Set("1 21 22 23 56 71 72 73 74 77 AV D D2 VA".split(" "));

function routeEnd(raw: string): readonly string[] {
  if (DEPARTING.has(raw)) return ORIGIN_PLACES;
  return ARRIVING.has(raw) ? EVENT_PLACES : ACTIVITY_PLACES;
}

/** Where the event was: its own LOC before its party, its own group before the consignment's. */
function placeOf(
  levels: ReadonlyArray<readonly Segment[]>,
  order: readonly string[],
): Located | undefined {
  for (const level of levels) {
    const found = level.filter((it) => it.tag === "LOC").map(readLoc);
    const locations = found.filter((it) => it.place !== undefined);
    for (const qualifier of order) {
      const at = locations.find((it) => it.qualifier === qualifier);
      if (at !== undefined) return at;
    }
    // The one LOC of an event is its place, whatever it is called.
    const [only, ...others] = locations.filter((it) => !NO_EVENT_PLACES.has(it.qualifier));
    if (order === EVENT_PLACES && only !== undefined && others.length === 0) return only;
    if (order === ACTIVITY_PLACES) continue;
    const side = order === ORIGIN_PLACES ? ["pickup"] : ["delivery", "pickup"];
    const parties = level.filter((it) => it.tag === "NAD").map(readNad);
    const party = parties.find((it) => side.includes(stopKindOf(it.qualifier)) && it.place);
    if (party !== undefined) return party;
  }
  return undefined;
}

const PICKUP_CODES = new Set(["arrived_pickup", "loaded", "picked_up"]);
const DELIVERY_CODES = new Set([
  "arrived_delivery",
  "delivered",
  "partially_delivered",
  "delivery_attempted",
  "refused",
  "out_for_delivery",
]);

function stopReference(status: Status | undefined, stop: StopKind): Milestone["stop"] {
  const code = status?.code ?? "";
  if (PICKUP_CODES.has(code) && code !== "loaded") return { kind: "pickup" };
  if (DELIVERY_CODES.has(code)) return { kind: "delivery" };
  return stop === "terminal" ? undefined : { kind: stop };
}

/** FTX of the event: literal texts, or the code of one. */
function freeText({ own, sts }: StatusGroup): string | undefined {
  const described = sts.elements.slice(1).map((it) => it[3] ?? "");
  const texts = own
    .filter((it) => it.tag === "FTX")
    .map(({ elements }) =>
      [...(elements[3] ?? []), elements[2]?.[0] ?? ""].filter(Boolean).join(" "),
    );
  const text = [...described, ...texts].filter((it) => it !== "").join("; ");
  return text === "" ? undefined : text.slice(0, 512);
}
