/* oxlint-disable max-lines -- one message type, read in the order of its groups */
/**
 * IFTSTA, transport status: consignments (CNI), each with its events (STS).
 *
 * An event is what stands between its STS and the next STS or CNI. After a TDT the places and
 * times are those of the voyage's legs: forecasts and port calls beside the event itself.
 */
import { createHash } from "node:crypto";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Milestone } from "../../canonical/fact.ts";
import { defined, type UnkeyedMilestone } from "../shared/reading/reading.ts";
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
import { namesOf } from "./references.ts";
import type { Segment } from "./segments.ts";
import type { StatusGroup } from "./status_group.ts";
import { type Dtm, readDtm } from "./times.ts";

interface Consignment {
  cni: Segment | undefined;
  head: Segment[];
  groups: StatusGroup[];
}

/** LOC qualifiers in the order in which they say where the event was. */
const EVENT_PLACES = ["175", "14", "7", "8", "11", "9", "5", "198", "20"];
const CANCELLATION = "1";
/** Replacement and change: newer versions of what was said. */
const CORRECTIONS = new Set(["4", "5"]);

/** Reads all consignments of the message. */
export function readIftsta(context: MessageContext): void {
  const { head, consignments } = split(context.message.segments);
  if (context.isCut) dropLast(context, consignments);
  const events = consignments.reduce((sum, it) => sum + it.groups.length, 0);
  if (events === 0 && !context.isCut) {
    const [unh] = context.message.segments;
    context.finding("error", "no_events", "the message names no status (STS)", unh as Segment);
  }
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
  const where = placeOf([group.own, group.legs, consignment.head, head]);
  const stop = stopKindOf(where?.qualifier);
  const { raw, reasons } = placement(group.sts);
  if (raw === "") {
    context.finding("error", "no_status", "no status code in any of its three places", group.sts);
    return;
  }
  const status = statusWithReasons(context, raw, stop, reasons, group.sts);
  const dtms = group.own.filter((it) => it.tag === "DTM").map(readDtm);
  const time = eventTime(context, status, dtms, where, group.sts);
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
    classifier: time.classifier,
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
  say(context, milestone, lane);
  if (context.function !== CANCELLATION) {
    addPod(context, group, names, status, time.occurred, lane);
  }
  addForecasts(context, group, names, where, lane);
}

/** Cancels what an earlier message said, says it anew, or says it. */
function say(context: MessageContext, milestone: UnkeyedMilestone, lane: string): void {
  const source_event = eventId(context, milestone);
  if (context.function === CANCELLATION) {
    const { identifiers, recorded_at, message_path } = milestone;
    context.builder.add(
      defined({
        kind: "retraction" as const,
        message_path,
        identifiers,
        applies_to: "one" as const,
        recorded_at,
        target: { source_event },
      }),
      "billing",
      lane,
    );
    return;
  }
  const version = CORRECTIONS.has(context.function) ? { version: context.recordedAt } : {};
  context.builder.milestone({ ...milestone, source_event, ...version }, lane);
}

/**
 * What a cancellation repeats of the event that it cancels: document, shipment, code, time and
 * place. Document numbers alone come back with every event of a shipment.
 */
function eventId(context: MessageContext, milestone: UnkeyedMilestone): string {
  const { identifiers, raw_code, occurred, place } = milestone;
  const parts = [
    context.message.interchange.sender[0] ?? "",
    context.document,
    identifiers[0]?.value,
    raw_code,
    occurred.at,
    place?.unlocode ?? place?.name,
  ];
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 40);
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

/** Where the event was: its own LOC before its party, its own group before the consignment's. */
function placeOf(levels: ReadonlyArray<readonly Segment[]>): Located | undefined {
  for (const level of levels) {
    const locations = level.filter((it) => it.tag === "LOC").map(readLoc);
    for (const qualifier of EVENT_PLACES) {
      const found = locations.find((it) => it.qualifier === qualifier && it.place !== undefined);
      if (found !== undefined) return found;
    }
    const party = level.filter((it) => it.tag === "NAD").map(readNad);
    const at = party.find((it) => stopKindOf(it.qualifier) !== "terminal" && it.place);
    if (at !== undefined) return at;
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

/** DTM qualifiers that tell when it happened, the most particular first. */
function qualifiersFor(status: Status | undefined): string[] {
  const code = status?.code ?? "";
  const particular = code.startsWith("arrived")
    ? ["178"]
    : code.startsWith("departed")
      ? ["186"]
      : code === "picked_up"
        ? ["200"]
        : ["delivered", "partially_delivered"].includes(code)
          ? ["35"]
          : [];
  return [...particular, "334", "78", "35", "200", "178", "186", "7"];
}

function eventTime(
  context: MessageContext,
  status: Status | undefined,
  dtms: readonly Dtm[],
  where: Located | undefined,
  sts: Segment,
): Pick<UnkeyedMilestone, "occurred" | "classifier"> | undefined {
  for (const qualifier of qualifiersFor(status)) {
    const dtm = dtms.find((it) => it.qualifier === qualifier);
    if (dtm === undefined) continue;
    const occurred = context.instant(dtm, where?.zone, "error");
    return occurred && { occurred, classifier: "actual" };
  }
  const forecast = dtms.find((it) => it.qualifier === "132" || it.qualifier === "133");
  if (forecast !== undefined) {
    const occurred = context.instant(forecast, where?.zone, "error");
    return occurred && { occurred, classifier: "estimated" };
  }
  context.finding("error", "no_time", "the event has no time of its own", sts);
  return undefined;
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

/** What a DTM of a leg says of its LOC: forecasts, and port calls that have happened. */
const LEG_TIMES: Readonly<Record<string, Pick<UnkeyedMilestone, "code" | "classifier">>> = {
  132: { code: "eta_updated", classifier: "estimated" },
  133: { code: "departed_terminal", classifier: "estimated" },
  178: { code: "arrived_terminal", classifier: "actual" },
  186: { code: "departed_terminal", classifier: "actual" },
};

function addForecasts(
  context: MessageContext,
  { own, legs }: StatusGroup,
  identifiers: Identifier[],
  where: Located | undefined,
  lane: string,
): void {
  let place: Located | undefined = where;
  const add = (segment: Segment) => {
    const dtm = readDtm(segment);
    const says = LEG_TIMES[dtm.qualifier];
    if (says === undefined) return;
    const occurred = context.instant(dtm, place?.zone, "error");
    if (occurred === undefined) return;
    const stop = stopKindOf(place?.qualifier);
    const arrived = says.code === "arrived_terminal" && stop === "delivery";
    const milestone = defined({
      kind: "milestone" as const,
      message_path: context.path(segment),
      identifiers,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      code: arrived ? ("arrived_delivery" as const) : says.code,
      classifier: says.classifier,
      occurred,
      stop: stop === "terminal" ? undefined : { kind: stop },
      place: place?.place,
      raw_code: `DTM+${dtm.qualifier}`,
    });
    say(context, milestone, lane);
  };
  // The event itself may carry the forecast that it changes.
  const actual = own.some(
    (it) => it.tag === "DTM" && !["132", "133"].includes(readDtm(it).qualifier),
  );
  for (const segment of own) {
    if (actual && segment.tag === "DTM" && readDtm(segment).qualifier === "132") add(segment);
  }
  for (const segment of legs) {
    if (segment.tag === "LOC") place = readLoc(segment);
    else if (segment.tag === "TDT") place = undefined;
    else if (segment.tag === "DTM") add(segment);
  }
}
