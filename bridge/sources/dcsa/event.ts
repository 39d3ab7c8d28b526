/** A DCSA event of any version, and the facts that it becomes. */
import { createHash } from "node:crypto";
import type { Classifier } from "../../canonical/codes.ts";
import type { StopReference } from "../../canonical/fact.ts";
import type { Identifier } from "../../canonical/identifiers.ts";
import type { Instant, Place } from "../../canonical/values.ts";
import { cleanText } from "../shared/reading/clean_text.ts";
import {
  type ReadingBuilder,
  type UnkeyedMilestone,
  defined,
  milestonePriority,
} from "../shared/reading/reading.ts";
import { DELAY_REASONS, type Direction, type EventType, RULES, type Rule } from "./codes.ts";

export interface DcsaEvent {
  /** JSON pointer of the event. */
  path: string;
  type: EventType;
  code: string;
  classifier: Classifier;
  occurred: Instant;
  /** When the sender said it, UTC: creation (2.x) or last update (3.0). */
  recordedAt: string;
  /** Versions of one event share it; see each version's reader for what it is made of. */
  sourceEvent: string;
  identifiers: Identifier[];
  /** Type of the document that a SHIPMENT event is about. */
  document?: string | undefined;
  /** What a sensor detected (LOC, DRO, DRC). */
  detail?: string | undefined;
  facility?: string | undefined;
  load?: "EMPTY" | "LADEN" | undefined;
  direction?: Direction | undefined;
  place?: Place | undefined;
  /** The carrier's reference of the transport call. */
  callId?: string | undefined;
  delayCodes: string[];
  text?: string | undefined;
  /** The truck's plate or the vessel's name. */
  vehicle?: string | undefined;
  trailer?: string | undefined;
}

/** The suffix of the second fact that a delayed forecast becomes. */
export const DELAY_SUFFIX = "/delay";
const MAX_SOURCE_EVENT = 128 - DELAY_SUFFIX.length;

/** Parts of an event's identity as one text; a hash when it would not fit. */
export function sourceEventOf(parts: ReadonlyArray<string | undefined>): string {
  const text = parts.map((part) => part ?? "").join("|");
  const clean = cleanText(text, MAX_SOURCE_EVENT);
  return clean === text ? text : createHash("sha256").update(text).digest("hex");
}

/** Adds the event's milestone and, for a forecast with a delay reason, the delay itself. */
export function addEvent(builder: ReadingBuilder, event: DcsaEvent): void {
  if (event.identifiers.length === 0) {
    builder.finding(
      "warning",
      "no_identifier",
      event.path,
      "the event names no document or container",
    );
    return;
  }
  const rule = RULES[event.type].find((candidate) => fits(candidate, event));
  const rawCode = rawCodeOf(event);
  if (rule?.code === undefined && rule?.conditions === undefined) {
    const note = rule?.note ?? "unmapped_code";
    builder.finding("warning", note, event.path, `${NOTES[note]}: ${rawCode}`);
  }
  const common = {
    kind: "milestone",
    message_path: event.path,
    identifiers: event.identifiers,
    // A vessel's call or a document concerns every shipment under it; a container only its own.
    applies_to: event.type === "SHIPMENT" || event.type === "TRANSPORT" ? "every" : "one",
    version: event.recordedAt,
    recorded_at: event.recordedAt,
    place: event.place,
  } as const;
  const reasons = reasonsOf(event.delayCodes);
  const lane = laneOf(event.identifiers);
  const milestone: UnkeyedMilestone = defined({
    ...common,
    source_event: event.sourceEvent,
    code: rule?.code,
    conditions: rule?.conditions === undefined ? undefined : [...rule.conditions],
    classifier: event.classifier,
    occurred: event.occurred,
    stop: stopOf(rule, event),
    reasons: reasons.length === 0 ? undefined : reasons,
    raw_code: rawCode,
    raw_text: event.text,
    vehicle: event.vehicle,
    trailer: event.trailer,
  });
  // Sensors and empty containers are many and hold nobody up.
  const priority = rule?.note === undefined ? milestonePriority(milestone) : "position";
  builder.add(milestone, priority, lane);
  if (event.classifier === "actual" || reasons.length === 0) return;
  builder.milestone(defined({ ...common, ...delayOf(event), reasons }), lane);
}

/** The delay itself, which a forecast with its reason tells. */
function delayOf(event: DcsaEvent) {
  return {
    source_event: event.sourceEvent + DELAY_SUFFIX,
    code: "delayed",
    classifier: "actual",
    occurred: { at: event.recordedAt, zone: "UTC", precision: "second" },
    raw_code: `DELAY/${event.delayCodes.join(",")}`.slice(0, 64),
    raw_text: event.text,
  } as const;
}

const NOTES = {
  container_only: "an empty container moved, not the goods",
  direction_unknown: "export or import is not told, so pickup or delivery is not known",
  no_step: "no step of the transport",
  unmapped_code: "no meaning is known",
} as const;

function fits(rule: Rule, event: DcsaEvent): boolean {
  const allows = (list: readonly string[] | undefined, value: string | undefined) =>
    list === undefined || list.includes(value ?? "-");
  return (
    rule.codes.includes(event.code) &&
    allows(rule.documents, event.document) &&
    allows(rule.facility, event.facility) &&
    allows(rule.load, event.load) &&
    allows(rule.direction, event.direction)
  );
}

/** The sender's codes that decide the meaning, in a fixed order, such as `EQUIPMENT/GTOT/POTE/LADEN/IMPORT`. */
function rawCodeOf(event: DcsaEvent): string {
  const parts = [
    event.type,
    event.code,
    event.detail,
    event.document,
    event.facility,
    event.load,
    event.direction,
  ];
  return parts
    .filter((part) => part !== undefined)
    .join("/")
    .slice(0, 64);
}

function stopOf(rule: Rule | undefined, event: DcsaEvent): StopReference | undefined {
  const stop = defined({ id: event.callId, kind: rule?.stop });
  return Object.keys(stop).length === 0 ? undefined : stop;
}

function reasonsOf(codes: readonly string[]) {
  return codes.slice(0, 8).map((raw) => ({
    code:
      (Object.hasOwn(DELAY_REASONS, raw) ? DELAY_REASONS[raw] : undefined) ?? ("other" as const),
    raw,
  }));
}

function laneOf(identifiers: readonly Identifier[]): string {
  for (const type of ["booking", "bol", "container"]) {
    const found = identifiers.find((identifier) => identifier.type === type);
    if (found !== undefined) return found.value;
  }
  return identifiers[0]?.value ?? "-";
}
