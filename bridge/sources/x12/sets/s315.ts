/**
 * 315, ocean status: the event in B4, and the dates of the route's ports in R4 and DTM.
 *
 * DTM 140 is actual, 139 estimated. At the port of loading they tell the departure, elsewhere the
 * arrival; the date that repeats the event in B4 is not told twice.
 */
import { lookup } from "../codes/lookup.ts";
import type { Classifier, MilestoneCode, StopKind } from "../../../canonical/codes.ts";
import type { Identifier, IdentifierType } from "../../../canonical/identifiers.ts";
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { EMPTY_MOVES, OCEAN } from "../codes/ocean.ts";
import { identifiersOf } from "../codes/references.ts";
import { type SetContext, sourceEventOf, type ZonedPlace, zonedPlace } from "../set_context.ts";

interface Port {
  /** Index of its R4. */
  index: number;
  /** R401: R receipt, L loading, T transshipment, D discharge, E delivery, 5 activity. */
  role: string;
  where: ZonedPlace;
  /** Indexes of its DTM. */
  dates: number[];
}

interface Ocean {
  identifiers: Identifier[];
  lane: string;
  vessel: string | undefined;
  ports: Port[];
}

export function read315(context: SetContext): void {
  const b4 = context.indexOf("B4");
  if (b4 === -1) return context.missing("B4", "a 315 without B4 tells no status");
  const ocean = readOcean(context, b4);
  if (ocean.identifiers.length === 0) {
    return context.finding("error", "no_identifier", "the status names no container", b4);
  }
  const event = addEvent(context, b4, ocean);
  for (const port of ocean.ports) {
    for (const date of port.dates) addDate(context, ocean, port, date, event);
  }
}

function readOcean(context: SetContext, b4: number): Ocean {
  const named: Array<readonly [IdentifierType, string | undefined]> = [];
  const ports: Port[] = [];
  let vessel: string | undefined;
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "N9") {
      named.push(...identifiersOf(context.text(index, 1, 8), context.text(index, 2, 128)));
    } else if (id === "Q2") vessel = context.text(index, 13, 128);
    else if (id === "R4") ports.push(readPort(context, index));
    else if (id === "DTM") ports.at(-1)?.dates.push(index);
  }
  const list = identifiers(["container", containerAt(context, b4)], ...named);
  const booking = list.find(({ type }) => type === "booking" || type === "bol");
  return { identifiers: list, lane: booking?.value ?? list[0]?.value ?? "-", vessel, ports };
}

/** B407 prefix, B408 number, B413 check digit. */
function containerAt(context: SetContext, b4: number): string | undefined {
  const number = context.text(b4, 8, 10);
  if (number === undefined) return undefined;
  return `${context.text(b4, 7, 4) ?? ""}${number}${context.text(b4, 13, 1) ?? ""}`;
}

function readPort(context: SetContext, index: number): Port {
  const locode = context.text(index, 2, 4) === "UN" ? context.text(index, 3, 8) : undefined;
  const where = zonedPlace({
    name: context.text(index, 4),
    country: context.text(index, 5, 64),
    unlocode: locode,
  });
  return { index, role: context.text(index, 1, 4) ?? "", where, dates: [] };
}

/** Where the event of B4 happened: the activity's R4, the R4 of the same code, else B411 itself. */
function placeOfEvent(context: SetContext, b4: number, ports: readonly Port[]): ZonedPlace {
  const code = context.text(b4, 11);
  const isLocode = context.text(b4, 12, 4) === "UN";
  const port =
    ports.find(({ where }) => isLocode && where.place?.unlocode === code) ??
    ports.find(({ role }) => role === "5");
  if (port !== undefined) return port.where;
  return zonedPlace(isLocode ? { unlocode: code } : { city: code });
}

interface Event {
  at: string;
  unlocode: string | undefined;
}

function addEvent(context: SetContext, b4: number, ocean: Ocean): Event | undefined {
  const code = context.text(b4, 3, 8);
  if (code === undefined) {
    context.finding("error", "no_status", "a B4 without status", b4, { element: 3 });
    return undefined;
  }
  const where = placeOfEvent(context, b4, ocean.ports);
  const occurred = context.instant(b4, [4, 5], where.zone);
  if (occurred === undefined) return undefined;
  const known = lookup(OCEAN, code);
  const isEmpty = context.text(b4, 9, 4) === "E";
  const nothingOfGoods = EMPTY_MOVES.has(code) || (known?.container === true && isEmpty);
  if (nothingOfGoods || known === undefined) {
    const [note, text] = nothingOfGoods
      ? ["container_only", `an empty container moved, not the goods: ${code}`]
      : ["unmapped_code", `no meaning is known for 315/${code}`];
    context.finding("warning", note ?? "", text ?? "", b4, { element: 3 });
  }
  const meaning = nothingOfGoods ? undefined : known;
  add(context, ocean, {
    index: b4,
    element: 3,
    code: meaning?.code,
    classifier: meaning?.classifier ?? "actual",
    stop: meaning?.stop,
    occurred,
    where,
    raw: `315/${code}${isEmpty ? "/E" : ""}`,
  });
  return { at: occurred.at, unlocode: where.place?.unlocode };
}

/** What an actual or estimated date at a port of this role tells. */
const ROLES: Readonly<Record<string, { code: MilestoneCode; stop: StopKind }>> = {
  R: { code: "departed_terminal", stop: "terminal" },
  L: { code: "departed_terminal", stop: "terminal" },
  T: { code: "arrived_terminal", stop: "terminal" },
  D: { code: "arrived_terminal", stop: "terminal" },
  E: { code: "arrived_terminal", stop: "terminal" },
};

const CLASSIFIERS: Readonly<Record<string, Classifier>> = { "139": "estimated", "140": "actual" };

function addDate(
  context: SetContext,
  ocean: Ocean,
  port: Port,
  index: number,
  event: Event | undefined,
): void {
  const qualifier = context.text(index, 1, 4) ?? "";
  const classifier = lookup(CLASSIFIERS, qualifier);
  const occurred = context.instant(index, [2, 3, 4], port.where.zone);
  if (occurred === undefined) return;
  const sameAsEvent =
    classifier === "actual" &&
    occurred.at === event?.at &&
    port.where.place?.unlocode === event.unlocode;
  if (sameAsEvent) return;
  const role = lookup(ROLES, port.role);
  if (role === undefined || classifier === undefined) {
    const text = `no meaning is known for date ${qualifier} at R4 ${port.role}`;
    context.finding("warning", "unmapped_code", text, index, { element: 1 });
  }
  const known = classifier !== undefined;
  // An expected arrival at the last ports is the shipment's forecast.
  const forecast = classifier === "estimated" && (port.role === "D" || port.role === "E");
  add(context, ocean, {
    index,
    element: 1,
    code: known ? (forecast ? "eta_updated" : role?.code) : undefined,
    classifier: classifier ?? "actual",
    stop: forecast && port.role === "E" ? "delivery" : role?.stop,
    occurred,
    where: port.where,
    raw: `315/R4-${port.role}/${qualifier}`,
  });
}

interface Told {
  index: number;
  element: number;
  code: MilestoneCode | undefined;
  classifier: Classifier;
  stop: StopKind | undefined;
  occurred: Instant;
  where: ZonedPlace;
  raw: string;
}

function add(context: SetContext, ocean: Ocean, told: Told): void {
  const { place } = told.where;
  const estimated = told.classifier === "estimated";
  context.builder.milestone(
    defined({
      kind: "milestone" as const,
      message_path: context.path(told.index, told.element),
      identifiers: ocean.identifiers,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      // A forecast that returns to a day named before is a new word, an event is what it says.
      ...(estimated && { version: context.recordedAt }),
      source_event: sourceEventOf([
        ocean.identifiers[0]?.value,
        ocean.lane,
        told.raw,
        place?.unlocode ?? place?.city,
        estimated ? undefined : told.occurred.at,
      ]),
      code: told.code,
      classifier: told.classifier,
      occurred: told.occurred,
      stop: told.stop === undefined ? undefined : { kind: told.stop },
      place,
      raw_code: told.raw.slice(0, 64),
      vehicle: ocean.vessel,
    }),
    ocean.lane,
  );
}
