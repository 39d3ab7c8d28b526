/**
 * 204, load tender received: the plan, and that it was tendered or cancelled.
 *
 * B2A01: 00 original, 05 replace, 04 change, 01 cancellation. A change or replacement is a newer
 * version of the same plan; only an original is a tender of its own.
 */
import { lookup } from "../codes/lookup.ts";
import type { StopKind } from "../../../canonical/codes.ts";
import type { Itinerary } from "../../../canonical/fact.ts";
import type { Identifier } from "../../../canonical/identifiers.ts";
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import { type Party, readParty } from "../geography.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { type Named, namesAt } from "./names.ts";

type PlannedStop = Itinerary["stops"][number];

/** S502. */
const STOP_KINDS: Readonly<Record<string, StopKind>> = {
  CL: "pickup",
  LD: "pickup",
  PL: "pickup",
  PA: "pickup",
  CU: "delivery",
  UL: "delivery",
  PU: "delivery",
  DT: "delivery",
};

type Moment = "window_start" | "window_end" | "planned_arrival" | "requested";

/** G62-01, date qualifiers. */
const DATES: Readonly<Record<string, Moment>> = {
  "10": "requested",
  "02": "requested",
  "68": "requested",
  "37": "window_start",
  "53": "window_start",
  "38": "window_end",
  "54": "window_end",
  "69": "planned_arrival",
  "70": "planned_arrival",
  "77": "planned_arrival",
  "78": "planned_arrival",
};

/** G62-03, time qualifiers, for senders who leave 01 out or general. */
const TIMES: Readonly<Record<string, Moment>> = {
  Y: "requested",
  Z: "requested",
  U: "planned_arrival",
  X: "planned_arrival",
  "2": "planned_arrival",
  "3": "planned_arrival",
  "6": "planned_arrival",
  "7": "planned_arrival",
  I: "window_start",
  G: "window_start",
  K: "window_end",
  L: "window_end",
};

const MAX_STOPS = 100;

export function read204(context: SetContext): void {
  const b2 = context.indexOf("B2");
  if (b2 === -1) return context.missing("B2", "a 204 without B2 names no load");
  const b2a = context.indexOf("B2A");
  if (b2a === -1) return context.missing("B2A", "a 204 without B2A has no purpose");
  const names = namesOf(context, b2);
  if (names.length === 0) {
    return context.finding("error", "no_identifier", "the tender names no load", b2);
  }
  const purpose = context.text(b2a, 1, 4) ?? "";
  const load = context.text(b2, 4) ?? names[0]?.value ?? "-";
  if (purpose === "00" || purpose === "01") addStep(context, b2a, purpose, names, load);
  else if (purpose !== "04" && purpose !== "05") {
    context.finding("error", "unmapped_code", `"${purpose}" is no purpose of a tender`, b2a, {
      element: 1,
      elementCode: "7",
    });
  }
  if (purpose !== "01") addPlan(context, b2, names, load);
}

/** Header references; those of a stop name what is loaded there, which is the shipment too. */
function namesOf(context: SetContext, b2: number): Identifier[] {
  const named: Named[] = [...shipmentNumber(context.text(b2, 4, 128))];
  for (const index of context.segments.keys()) named.push(...namesAt(context, index));
  return identifiers(...named);
}

function addStep(
  context: SetContext,
  b2a: number,
  purpose: "00" | "01",
  names: Identifier[],
  load: string,
): void {
  context.builder.milestone(
    {
      kind: "milestone",
      message_path: context.path(b2a, 1),
      identifiers: names,
      applies_to: "one",
      recorded_at: context.recordedAt,
      source_event: sourceEventOf([load, "204", purpose]),
      code: purpose === "00" ? "tendered" : "cancelled",
      classifier: "actual",
      occurred: { at: context.recordedAt, precision: "minute", zone_inferred: true },
      raw_code: `204/${purpose}`,
    },
    load,
  );
}

function addPlan(context: SetContext, b2: number, names: Identifier[], load: string): void {
  const starts = [...context.segments.keys()].filter((at) => context.segments[at]?.id === "S5");
  const stops: PlannedStop[] = [];
  const seen = new Set<string>();
  for (const [order, start] of starts.entries()) {
    const stop = readStop(context, start, starts[order + 1] ?? context.segments.length, load);
    if (stop !== undefined && seen.has(stop.id)) {
      const text = `the stop number ${stop.sequence} is there twice`;
      context.finding("error", "repeated_stop", text, start, { element: 1 });
    } else if (stop !== undefined) {
      seen.add(stop.id);
      stops.push(stop);
    }
  }
  if (stops.length === 0) context.missing("S5", "a 204 without S5 has no stops");
  if (stops.length > MAX_STOPS) {
    const text = `${stops.length} stops; the first ${MAX_STOPS} were taken`;
    context.builder.finding("error", "too_many_stops", context.set.path, text);
  }
  const scac = context.text(b2, 2, 8);
  context.builder.add(
    defined({
      kind: "itinerary" as const,
      message_path: context.path(b2),
      identifiers: names,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      version: context.recordedAt,
      source_event: sourceEventOf([load, "204", "plan"]),
      declares: names,
      stops: stops.slice(0, MAX_STOPS),
      carrier_scac: scac !== undefined && scac.length <= 4 ? scac : undefined,
    }),
    "exception",
    load,
  );
}

function readStop(
  context: SetContext,
  start: number,
  end: number,
  load: string,
): PlannedStop | undefined {
  const number = context.text(start, 1, 8);
  if (number === undefined || !/^\d{1,4}$/.test(number)) {
    context.finding("error", "bad_stop_number", `"${number ?? ""}" is no stop number`, start, {
      element: 1,
      elementCode: number === undefined ? "1" : "6",
    });
    return undefined;
  }
  const party = partyOf(context, start, end);
  const moments = readMoments(context, start, end, party);
  const { requested, planned_arrival, window_start, window_end } = moments;
  return defined({
    id: `${load}/S5-${Number(number)}`.slice(0, 128),
    sequence: Number(number),
    kind: kindOf(context, start),
    place: party?.where.place,
    // A requested time is the plan until the carrier or an appointment says better.
    planned_arrival: planned_arrival ?? requested,
    window_start,
    window_end,
  });
}

function kindOf(context: SetContext, start: number): StopKind {
  const code = context.text(start, 2, 4) ?? "";
  const kind = lookup(STOP_KINDS, code);
  if (kind !== undefined) return kind;
  const text = `no kind of stop is known for "${code}"; it counts as a terminal`;
  context.finding("warning", "unmapped_code", text, start, { element: 2 });
  return "terminal";
}

function partyOf(context: SetContext, start: number, end: number): Party | undefined {
  for (let at = start + 1; at < end; at += 1) {
    if (context.segments[at]?.id === "N1") return readParty(context, at);
  }
  return undefined;
}

function readMoments(
  context: SetContext,
  start: number,
  end: number,
  party: Party | undefined,
): Partial<Record<Moment, Instant>> {
  const moments: Partial<Record<Moment, Instant>> = {};
  for (let at = start + 1; at < end; at += 1) {
    // Behind OID the dates are an order's, not the stop's.
    if (context.segments[at]?.id === "OID") break;
    if (context.segments[at]?.id !== "G62") continue;
    const date = lookup(DATES, context.text(at, 1, 4));
    const moment = date ?? lookup(TIMES, context.text(at, 3, 4));
    if (moment === undefined) continue;
    const instant = context.instant(at, [2, 4, 5], party?.where.zone);
    if (instant !== undefined) moments[moment] = instant;
  }
  return moments;
}
