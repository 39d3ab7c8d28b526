/* oxlint-disable max-lines -- one transaction set, read in the order of its loops */
/**
 * 315, ocean status: the event in B4, further ones in SG, and the dates of the route's ports in R4
 * and DTM.
 *
 * DTM 140 is actual, 139 estimated. At the port of loading they tell the departure, elsewhere the
 * arrival; the date that repeats the event in B4 is not told twice.
 */
import { lookup } from "../codes/lookup.ts";
import type { Classifier, MilestoneCode, StopKind } from "../../../canonical/codes.ts";
import type { Identifier } from "../../../canonical/identifiers.ts";
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { EMPTY_MOVES, OCEAN } from "../../shared/x12_codes/ocean.ts";
import { isUnLocode } from "../../shared/reading/countries.ts";
import type { ZonedPlace } from "../../shared/reading/places.ts";
import { clockPlace } from "../geography.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { type Named, namesAt } from "./names.ts";

interface Port {
  /** R401: R receipt, L loading, T transshipment, D discharge, E delivery, 5 activity. */
  role: string;
  /** R403 and R404 as they stand. */
  names: string[];
  where: ZonedPlace;
  /** Indexes of its DTM. */
  dates: number[];
}

interface Ocean {
  identifiers: Identifier[];
  lane: string;
  vessel: string | undefined;
  ports: Port[];
  /** Indexes of the SG. */
  statuses: number[];
}

export function read315(context: SetContext): void {
  const b4 = context.indexOf("B4");
  if (b4 === -1) return context.missing("B4", "a 315 without B4 tells no status");
  const ocean = readOcean(context, b4);
  if (ocean.identifiers.length === 0) {
    return context.finding("error", "no_identifier", "the status names no container", b4);
  }
  const event = eventOf(context, b4, ocean);
  const occurred = addEvent(context, b4, ocean, event);
  for (const index of ocean.statuses) addStatus(context, b4, ocean, event, index);
  for (const port of ocean.ports) {
    const told = event.names.some((name) => port.names.includes(name)) ? occurred?.at : undefined;
    for (const date of port.dates) {
      if (date !== event.date) addDate(context, ocean, port, date, told);
    }
  }
}

function readOcean(context: SetContext, b4: number): Ocean {
  const named: Named[] = [];
  const ports: Port[] = [];
  const statuses: number[] = [];
  let vessel: string | undefined;
  for (const [index, { id }] of context.segments.entries()) {
    if (id === "N9") named.push(...namesAt(context, index));
    else if (id === "Q2") vessel = context.text(index, 13, 128);
    else if (id === "R4") ports.push(readPort(context, index));
    else if (id === "DTM") ports.at(-1)?.dates.push(index);
    else if (id === "SG") statuses.push(index);
  }
  const list = identifiers(["container", containerAt(context, b4)], ...named);
  const booking = list.find(({ type }) => type === "booking" || type === "bol");
  const lane = booking?.value ?? list[0]?.value ?? "-";
  return { identifiers: list, lane, vessel, ports, statuses };
}

/** B407 prefix, B408 number, B413 check digit, which some write behind the number as well. */
function containerAt(context: SetContext, b4: number): string | undefined {
  const number = context.text(b4, 8, 10);
  if (number === undefined) return undefined;
  const digit = /^\d{7}$/.test(number) ? undefined : context.text(b4, 13, 1);
  return `${context.text(b4, 7, 4) ?? ""}${number}${digit ?? ""}`;
}

function readPort(context: SetContext, index: number): Port {
  const code = context.text(index, 3, 30);
  const name = context.text(index, 4);
  const where = clockPlace({
    name,
    country: context.text(index, 5, 64),
    state: context.text(index, 8, 32),
    unlocode: context.text(index, 2, 4) === "UN" ? code : undefined,
  });
  const names = [code, name].filter((it) => it !== undefined).map((it) => it.toUpperCase());
  return { role: context.text(index, 1, 4) ?? "", names, where, dates: [] };
}

/** When and where B4 happened; `date` is the index of the DTM that repeats it. */
interface Event {
  where: ZonedPlace;
  /** The names of its port. */
  names: readonly string[];
  date: number | undefined;
}

/**
 * Where the event of B4 happened: at the port that B411 (else B406) names by code or name, else at
 * the activity's R4, else at the only port with the same actual date; else what B411 itself says.
 */
function eventOf(context: SetContext, b4: number, { ports }: Ocean): Event {
  const repeats = (port: Port) => repeating(context, b4, port) !== undefined;
  const named = [11, 6]
    .map((n) => context.text(b4, n)?.toUpperCase() ?? "")
    .map((name) => ports.filter(({ names }) => names.includes(name)))
    .find((list) => list.length > 0);
  const same = ports.filter(repeats);
  const port =
    named?.find(repeats) ??
    named?.[0] ??
    ports.find(({ role }) => role === "5") ??
    (same.length === 1 ? same[0] : undefined);
  if (port === undefined) return { where: placeIn(context, b4), names: [], date: undefined };
  return { where: port.where, names: port.names, date: repeating(context, b4, port) };
}

/** The DTM of a port that tells the time of B4 as an actual one. */
function repeating(context: SetContext, b4: number, { dates }: Port): number | undefined {
  const [date, time] = [context.text(b4, 4, 16), context.text(b4, 5, 16)];
  return dates.find(
    (at) =>
      lookup(CLASSIFIERS, context.text(at, 1, 4)) === "actual" &&
      context.text(at, 2, 16) === date &&
      context.text(at, 3, 16) === time,
  );
}

/** B411 and B412, else B406: a UN/LOCODE where it can be one, a city where it is called one. */
function placeIn(context: SetContext, b4: number): ZonedPlace {
  const [name, kind] = [context.text(b4, 11), context.text(b4, 12, 4)];
  const other = context.text(b4, 6, 8);
  const unlocode = [kind === "UN" ? name : undefined, other].find(
    (it) => it !== undefined && isUnLocode(it.toUpperCase()),
  );
  return clockPlace({ city: unlocode === undefined ? (name ?? other) : undefined, unlocode });
}

function addEvent(
  context: SetContext,
  b4: number,
  ocean: Ocean,
  event: Event,
): Instant | undefined {
  const code = context.text(b4, 3, 8);
  if (code === undefined) {
    context.finding("error", "no_status", "a B4 without status", b4, { element: 3 });
    return undefined;
  }
  const { where, date } = event;
  // The DTM says with its time code which clock was read; B4 has none.
  const occurred =
    date === undefined
      ? context.instant(b4, [4, 5], where.zone)
      : context.instant(date, [2, 3, 4], where.zone);
  if (occurred === undefined) return undefined;
  const isEmpty = context.text(b4, 9, 4) === "E";
  addCode(context, ocean, { index: b4, element: 3, code, isEmpty, occurred, where });
  return occurred;
}

/** SG: status, reason, disposition, date, time, time code. It names no place of its own. */
function addStatus(
  context: SetContext,
  b4: number,
  ocean: Ocean,
  { where: { zone } }: Event,
  index: number,
): void {
  const code = context.text(index, 1, 8);
  const isRepeated =
    code === context.text(b4, 3, 8) && context.text(index, 4) === context.text(b4, 4);
  const occurred = isRepeated ? undefined : context.instant(index, [4, 5, 6], zone);
  if (code === undefined || occurred === undefined) return;
  const isEmpty = context.text(b4, 9, 4) === "E";
  const where = { place: undefined, zone };
  addCode(context, ocean, { index, element: 1, code, isEmpty, occurred, where });
}

interface Coded {
  index: number;
  element: number;
  code: string;
  isEmpty: boolean;
  occurred: Instant;
  where: ZonedPlace;
}

function addCode(context: SetContext, ocean: Ocean, told: Coded): void {
  const { index, element, code, isEmpty, occurred, where } = told;
  const known = lookup(OCEAN, code);
  const nothingOfGoods = EMPTY_MOVES.has(code) || (known?.container === true && isEmpty);
  if (nothingOfGoods || known === undefined) {
    const [note, text] = nothingOfGoods
      ? (["container_only", `an empty container moved, not the goods: ${code}`] as const)
      : (["unmapped_code", `no meaning is known for 315/${code}`] as const);
    context.finding("warning", note, text, index, { element });
  }
  const meaning = nothingOfGoods ? undefined : known;
  add(context, ocean, {
    index,
    element,
    code: meaning?.code,
    classifier: meaning?.classifier ?? "actual",
    stop: meaning?.stop,
    occurred,
    where,
    raw: `315/${code}${isEmpty ? "/E" : ""}`,
  });
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

/** `told` is when the event at this port happened: the same actual date is no second one. */
function addDate(
  context: SetContext,
  ocean: Ocean,
  port: Port,
  index: number,
  told: string | undefined,
): void {
  const qualifier = context.text(index, 1, 4) ?? "";
  const classifier = lookup(CLASSIFIERS, qualifier);
  const occurred = context.instant(index, [2, 3, 4], port.where.zone);
  if (occurred === undefined || (classifier === "actual" && occurred.at === told)) return;
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
  // A forecast that returns to a day named before is a new word, an event is what it says.
  const moves = told.classifier === "estimated" || told.code === "last_free_day";
  context.builder.milestone(
    defined({
      kind: "milestone" as const,
      message_path: context.path(told.index, told.element),
      identifiers: ocean.identifiers,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      ...(moves && { version: context.recordedAt }),
      source_event: sourceEventOf([
        ocean.identifiers[0]?.value,
        ocean.lane,
        told.raw,
        place?.unlocode ?? place?.city,
        moves ? undefined : told.occurred.at,
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
