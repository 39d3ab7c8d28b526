/* oxlint-disable max-lines -- one transaction set, read in the order of its loops */
/**
 * 214, shipment status: each AT7 is a milestone.
 *
 * There is no correction flag: carriers send again with another time, or replay the whole history.
 * So an event is what it says (its content is its key), and Odoo lets the latest word count per
 * shipment, stop, milestone and classifier. Forecasts are told anew with each message.
 */
import type { Condition, MilestoneCode } from "../../../canonical/codes.ts";
import type { Identifier } from "../../../canonical/identifiers.ts";
import type { StopReference } from "../../../canonical/fact.ts";
import type { Instant } from "../../../canonical/values.ts";
import { defined, identifiers } from "../../shared/reading/reading.ts";
import { shipmentNumber } from "../codes/references.ts";
import type { Party } from "../geography.ts";
import type { ZonedPlace } from "../../shared/reading/places.ts";
import { type SetContext, sourceEventOf } from "../set_context.ts";
import { type Detail, type Header, readDetails, type Status } from "./details.ts";
import { readStatus, type StatusCode } from "./status_codes.ts";
import { deliveredQuantities, type Lading, type QuantityLine, readLading } from "./lading.ts";

/** What all events of the set share. */
interface Shipment {
  header: Header;
  identifiers: Identifier[];
  scac: string | undefined;
  number: string | undefined;
  lane: string;
  remark: string | undefined;
}

interface Line {
  detail: Detail;
  /** Whose address the pickup and the delivery are at. */
  parties: Parties;
  lading: Lading;
  quantities: QuantityLine[];
  identifiers: Identifier[];
  told: StatusCode[];
  /** Which of `told` the lading exceptions belong to. */
  outcomes: ReadonlySet<StatusCode>;
}

/** The contract's limit. */
const MAX_QUANTITIES = 500;
const OUTCOMES = new Set<MilestoneCode>(["delivered", "partially_delivered", "refused"]);
/** Which party's address a stop is at, the more exact first. */
const PARTIES = { pickup: ["PW", "SF", "SH", "OT"], delivery: ["ST", "CN", "UC", "DT"] } as const;

interface Parties {
  pickup: Party | undefined;
  delivery: Party | undefined;
}

export function read214(context: SetContext): void {
  const b10 = context.indexOf("B10");
  if (b10 === -1) return context.missing("B10", "a 214 without B10 names no shipment");
  const { header, details } = readDetails(context);
  const shipment = readShipment(context, b10, header);
  let statuses = 0;
  for (const detail of details) {
    statuses += detail.statuses.length;
    readLine(context, shipment, detail);
  }
  if (statuses === 0) context.missing("AT7", "a 214 without AT7 tells no status");
}

function readShipment(context: SetContext, b10: number, header: Header): Shipment {
  const pro = context.text(b10, 1, 128);
  const number = context.text(b10, 2, 128);
  const list = identifiers(...shipmentNumber(number), ["pro", pro], ...header.references);
  return {
    header,
    identifiers: list,
    scac: context.text(b10, 3, 4),
    number: number ?? pro,
    lane: number ?? pro ?? list[0]?.value ?? "-",
    remark: header.remarks.length === 0 ? undefined : header.remarks.join(" "),
  };
}

function readLine(context: SetContext, shipment: Shipment, detail: Detail): void {
  if (detail.statuses.length + detail.exceptions.length === 0) return;
  const own = identifiers(
    ...shipment.identifiers.map(({ type, value }) => [type, value] as const),
    ...detail.references,
  );
  const parties = {
    pickup: partyAt(shipment.header, detail, "pickup"),
    delivery: partyAt(shipment.header, detail, "delivery"),
  };
  const told = detail.statuses.flatMap((status) => readStatus(context, status, parties.delivery));
  const first = detail.statuses[0] ?? { index: detail.exceptions[0] ?? 0 };
  if (detail.statuses.length === 0 && detail.exceptions.length > 0) {
    const text = "a lading exception without a status";
    context.finding("error", "no_status", text, first.index);
  }
  if (own.length === 0) {
    if (told.length > 0) noIdentifier(context, first.index);
    return;
  }
  const finals = told.filter(({ meaning }) => meaning?.code && OUTCOMES.has(meaning.code));
  const lading = readLading(context, detail);
  const line: Line = {
    detail,
    parties,
    lading,
    quantities: deliveredQuantities(context, detail, lading).slice(0, MAX_QUANTITIES),
    identifiers: own,
    told,
    outcomes: new Set(finals.length > 0 ? finals : told.slice(-1)),
  };
  const units = new Set<string>();
  for (const event of told) addEvent(context, shipment, line, event, units);
}

function noIdentifier(context: SetContext, index: number): void {
  context.finding("error", "no_identifier", "the status names no shipment", index);
}

/** The line's own party, else the header's. */
function partyAt(header: Header, detail: Detail, kind: keyof Parties): Party | undefined {
  for (const { parties } of [detail, header]) {
    for (const role of PARTIES[kind]) {
      const party = parties.find((it) => it.role === role);
      if (party?.where.place !== undefined) return party;
    }
  }
  return undefined;
}

// oxlint-disable-next-line max-lines-per-function -- one milestone with all its members
function addEvent(
  context: SetContext,
  shipment: Shipment,
  line: Line,
  told: StatusCode,
  units: Set<string>,
): void {
  const { status, element } = told;
  const where = placeOf(line.parties, told);
  const dated = context.text(status.index, timeElements(context, status.index)[0], 16);
  const occurred =
    dated === undefined && element === 1 && (told.meaning?.classifier ?? "actual") === "actual"
      ? dayOfMessage(context, status.index)
      : context.instant(status.index, timeElements(context, status.index), where.zone);
  if (occurred === undefined) return;
  const meaning = withLading(told, line);
  const isOutcome = line.outcomes.has(told);
  const isForecast =
    told.meaning?.classifier === "estimated" || told.meaning?.code === "last_free_day";
  const reasons = [
    ...(told.reason === undefined ? [] : [told.reason]),
    ...(isOutcome ? line.lading.reasons : []),
  ].slice(0, 8);
  const equipment = equipmentOf(context, status);
  const remarks = line.detail.remarks.join(" ");
  const stop = stopOf(context, line.detail, meaning);
  const common = {
    message_path: context.path(status.index, element),
    identifiers: line.identifiers,
    applies_to: "one" as const,
    recorded_at: context.recordedAt,
  };
  context.builder.milestone(
    defined({
      kind: "milestone" as const,
      ...common,
      source_event: sourceEventOf([
        shipment.scac,
        shipment.number,
        line.detail.own.join(","),
        told.raw,
        isForecast || dated === undefined ? undefined : occurred.at,
        isForecast ? undefined : where.place?.city,
      ]),
      // A forecast that returns to a time named before is a new word; an event is what it says.
      version: isForecast ? context.recordedAt : undefined,
      code: meaning.code,
      conditions: meaning.conditions.length === 0 ? undefined : meaning.conditions,
      classifier: told.meaning?.classifier ?? "actual",
      occurred,
      stop,
      place: where.place,
      reasons: reasons.length === 0 ? undefined : reasons,
      raw_code: told.raw,
      raw_text: (remarks === "" ? shipment.remark : remarks)?.slice(0, 512),
      ...equipment,
    }),
    shipment.lane,
  );
  addAssignment(context, shipment, common, occurred, equipment, units);
  const settled = meaning.code !== undefined && OUTCOMES.has(meaning.code) && isOutcome;
  if (settled && told.element === 1) addProof(context, shipment, line, common, occurred, stop);
}

/**
 * A status that names no day is of its message's, at the latest: that it happened is not lost. An
 * impossible date, a forecast and an appointment without one stay errors, they say nothing.
 */
function dayOfMessage(context: SetContext, index: number): Instant {
  const text = "the status names no day; that of the message was taken";
  context.finding("warning", "time_of_message", text, index, { element: 5 });
  return { at: context.recordedAt, precision: "date", zone_inferred: true };
}

/** Versions before 4010 put the century between date and time. */
function timeElements(context: SetContext, index: number): [number, number, number] {
  const isOld =
    context.text(index, 5, 16)?.length === 6 && context.text(index, 6, 16)?.length === 2;
  return isOld ? [5, 7, 8] : [5, 6, 7];
}

/** Where it happened: MS1, else the address of the party whose stop it is. */
function placeOf(parties: Parties, { status, meaning }: StatusCode): ZonedPlace {
  if (status.position?.place !== undefined) return status.position;
  const kind = meaning?.stop;
  const party = kind === "pickup" || kind === "delivery" ? parties[kind] : undefined;
  return party?.where ?? { place: undefined, zone: undefined };
}

function withLading(told: StatusCode, { lading, outcomes }: Line) {
  const { code, conditions = [] } = told.meaning ?? {};
  const own: Condition[] = [...conditions];
  if (outcomes.has(told)) {
    own.push(...lading.conditions.filter((condition) => !own.includes(condition)));
  }
  const partial = code === "delivered" && outcomes.has(told) && lading.partial;
  return { code: partial ? ("partially_delivered" as const) : code, conditions: own, told };
}

function stopOf(
  context: SetContext,
  detail: Detail,
  { told }: { told: StatusCode },
): StopReference | undefined {
  const sequence = context.settings.stop_numbers === "ours" ? detail.stopNumber : undefined;
  const stop = defined({ sequence, kind: told.meaning?.stop });
  return Object.keys(stop).length === 0 ? undefined : stop;
}

/** MS2: who carries it and in what. */
function equipmentOf(context: SetContext, { equipment }: Status) {
  if (equipment === undefined) return {};
  const unit = context.text(equipment, 2, 64);
  if (unit === undefined) return {};
  const type = context.text(equipment, 3, 4);
  return type !== undefined && POWER_UNITS.has(type) ? { vehicle: unit } : { trailer: unit };
}

/** Element 40: tractor and truck; all others are pulled or lifted. */
const POWER_UNITS = new Set(["TR", "TK", "TC"]);

/** A unit that is named is assigned; later messages of the same unit are versions of that fact. */
function addAssignment(
  context: SetContext,
  shipment: Shipment,
  common: {
    message_path: string;
    identifiers: Identifier[];
    applies_to: "one";
    recorded_at: string;
  },
  occurred: Instant,
  equipment: { vehicle?: string; trailer?: string },
  units: Set<string>,
): void {
  const unit = equipment.vehicle ?? equipment.trailer;
  if (unit === undefined || units.has(unit)) return;
  units.add(unit);
  context.builder.milestone(
    {
      kind: "milestone",
      ...common,
      source_event: sourceEventOf([shipment.scac, shipment.number, "MS2", unit]),
      code: "assigned",
      classifier: "actual",
      occurred,
      raw_code: "MS2",
      ...equipment,
    },
    shipment.lane,
  );
}

/** Who signed (N1*N5, or the partner's L11) and what became of the quantities. */
function addProof(
  context: SetContext,
  { header, lane }: Shipment,
  { detail, lading, quantities }: Line,
  common: {
    message_path: string;
    identifiers: Identifier[];
    applies_to: "one";
    recorded_at: string;
  },
  delivered: Instant,
  stop: StopReference | undefined,
): void {
  const signer = detail.signer ?? header.signer;
  if (signer === undefined && lading.quantities.length === 0) return;
  context.builder.add(
    defined({
      kind: "proof_of_delivery" as const,
      ...common,
      stop,
      delivered,
      signer: signer?.slice(0, 128),
      signed: signer === undefined ? undefined : true,
      quantities: quantities.length === 0 ? undefined : quantities,
    }),
    "billing",
    lane,
  );
}
