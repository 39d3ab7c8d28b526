/** FourKites callbacks: one flat object per event, members in PascalCase. */
import type { Classifier } from "../../canonical/codes.ts";
import type { StopReference } from "../../canonical/fact.ts";
import type { Instant } from "../../canonical/values.ts";
import { parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { instantAtPlace } from "../shared/json/instant_at.ts";
import { type InstantRules, readUtc, utcOf, zoneName } from "../shared/reading/instants.ts";
import { LongList } from "../shared/json/long_list.ts";
import { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import {
  ReadingBuilder,
  type UnkeyedMilestone,
  defined,
  identifiers,
  milestonePriority,
  ownReference,
} from "../shared/reading/reading.ts";
import { PART_ENTITIES, wholeOf } from "../shared/reading/parts.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import {
  ETA_CODES,
  ETA_EVENTS,
  RECORD_EVENTS,
  STOP_EVENTS,
  STOP_KINDS,
  type StopMeaning,
} from "./codes.ts";
import { type FourKitesSettings, settings } from "./settings.ts";
import { fourkitesVerifier } from "./verifier.ts";

const ID = "fourkites";

export const fourkitesSource: Source<FourKitesSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { fourkites: fourkitesVerifier },
  contentTypes: ["application/json"],
  check: (message) => void callbacks(parse(message)),
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
};

interface Callback {
  node: JsonNode;
  type: string;
  identifiers: ReturnType<typeof identifiers>;
  where: ZonedPlace;
  rules: InstantRules;
  recordedAt: string;
  stop?: StopReference | undefined;
  lane: string;
}

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

/** One callback, or a list of them. */
function callbacks(root: JsonNode): JsonNode[] {
  const list = Array.isArray(root.value) ? root.items() : [root];
  for (const one of list) requireType(one);
  return list;
}

function requireType(callback: JsonNode): void {
  const type = callback.at("MessageType");
  if (type.text(64) === undefined) {
    throw unreadable(ID, "not_fourkites", type.path, "a callback without MessageType");
  }
}

function* readParts(message: RawMessage, { zone }: FourKitesSettings): Generator<Reading> {
  const builder = new ReadingBuilder(message.receivedAt);
  const list = LongList.of(ID, message.body);
  if (list !== undefined) yield* list.checked(requireType);
  let count = 0;
  for (const node of list?.nodes() ?? callbacks(parse(message))) {
    const callback = callbackOf(node, zone, utcOf(message.receivedAt));
    if (callback.identifiers.length === 0) {
      builder.finding("error", "no_identifier", node.path, "the callback names no load");
    } else {
      readCallback(builder, callback);
    }
    if (++count % PART_ENTITIES === 0) yield builder.take();
  }
  yield builder.done();
}

function callbackOf(node: JsonNode, zone: string, receivedAt: string): Callback {
  const load = node.at("FourKitesLoadId").text(64);
  const stated = node.at("Timezone").text(64);
  const known = stated !== undefined && zoneName.safeParse(stated).success ? stated : undefined;
  const number = node.at("LoadNumber").text(128);
  return {
    node,
    type: node.at("MessageType").text(48) ?? "",
    identifiers: identifiers(
      ["entity", load],
      ...ownReference(number),
      ["shipment_id", number],
      ["pro", node.at("ProNumber").text(128)],
      ["bol", node.firstText(["BillofLading", "BillOfLading"], 128)],
      ["booking", node.at("BookingNumber").text(128)],
      ["container", node.at("ContainerNumber").text(32)],
      ...node
        .at("ReferenceNumbers")
        .items()
        .map((it) => ["customer_ref", it.text(128)] as const),
    ),
    where: placeOf(node, known),
    rules: { zone: known ?? zone, zoneStated: known !== undefined },
    // The callback's own time is when the event happened; when it was said, only the bridge knows.
    recordedAt: receivedAt,
    stop: stopOf(node),
    lane: load ?? number ?? "-",
  };
}

/** The place; its zone is the one that the callback states, where it states one. */
function placeOf(node: JsonNode, stated: string | undefined): ZonedPlace {
  const { place, zone } = zonedPlace({
    name: node.firstText(["StopName", "TerminalName"], 256),
    city: node.at("City").text(128),
    state: node.at("State").text(64),
    country: node.at("Country").text(64),
    unlocode: node.at("StopUnlocode").text(8),
    latitude: node.at("Latitude").number(),
    longitude: node.at("Longitude").number(),
  });
  return { place, zone: stated === undefined ? zone : { zone: stated, certain: true } };
}

function stopOf(node: JsonNode): StopReference | undefined {
  const type = node.at("StopType").text(32)?.toLowerCase() ?? "";
  const sequence = node.at("StopSequence").number();
  const stop = defined({
    id: node.at("StopReferenceId").text(128),
    sequence:
      sequence !== undefined && Number.isInteger(sequence) && sequence >= 0 && sequence <= 9999
        ? sequence
        : undefined,
    kind: Object.hasOwn(STOP_KINDS, type) ? STOP_KINDS[type] : undefined,
  });
  return Object.keys(stop).length === 0 ? undefined : stop;
}

function readCallback(builder: ReadingBuilder, callback: Callback): void {
  const { node, type } = callback;
  if (node.at("IsSuccess").value === false) {
    const errors = node
      .at("Errors")
      .items()
      .map((it) => it.text(120) ?? JSON.stringify(it.value)?.slice(0, 120));
    builder.finding(
      "error",
      "refused_by_partner",
      node.at("IsSuccess").path,
      `${type}: ${errors.join("; ")}`,
    );
  } else if (RECORD_EVENTS.has(type)) {
    builder.finding(
      "warning",
      "not_tracking",
      node.at("MessageType").path,
      `${type}: about the record, not the transport`,
    );
  } else if (ETA_EVENTS.has(type)) {
    addForecast(builder, callback);
  } else if (type === "STOP_APPOINTMENT_RESCHEDULED") {
    addAppointment(builder, callback);
  } else {
    addHappened(builder, callback);
  }
}

function addHappened(builder: ReadingBuilder, callback: Callback): void {
  const { node, type, rules, stop, where } = callback;
  const meaning =
    stop?.kind && Object.hasOwn(STOP_EVENTS, type) ? STOP_EVENTS[type]?.[stop.kind] : undefined;
  if (meaning === undefined) {
    builder.finding(
      "warning",
      "unmapped_code",
      node.at("MessageType").path,
      `no meaning is known for ${type}`,
    );
  }
  const departed = type.startsWith("STOP_AUTO_")
    ? instantAtPlace(builder, node.at("DepartedAt"), where.zone, rules)
    : undefined;
  const occurred = departed ?? instantAtPlace(builder, node.at("Timestamp"), where.zone, rules);
  if (occurred === undefined) {
    builder.finding("error", "no_time", node.at("Timestamp").path, `${type} has no time`);
    return;
  }
  addMilestone(builder, callback, meaning ?? {}, "actual", occurred);
}

/** Only a member that is named as a forecast is taken for one: the Timestamp may be the callback's own. */
function addForecast(builder: ReadingBuilder, callback: Callback): void {
  const { node, type, rules, stop, where } = callback;
  for (const key of ["CarrierETA", "ETA", "StopETA"]) {
    const eta = instantAtPlace(builder, node.at(key), where.zone, rules);
    if (eta === undefined) continue;
    const code = ETA_CODES[stop?.kind ?? "delivery"];
    addMilestone(
      builder,
      callback,
      { code },
      "estimated",
      eta,
      `${type}/${stop?.id ?? stop?.sequence ?? ""}`,
    );
    return;
  }
  builder.finding("error", "no_eta", node.path, `${type} names no forecast`);
}

function addAppointment(builder: ReadingBuilder, callback: Callback): void {
  const { node, rules, stop, where } = callback;
  for (const key of ["NewAppointmentTime", "NewEarliestAppointmentTime"]) {
    const at = instantAtPlace(builder, node.at(key), where.zone, rules);
    if (at === undefined) continue;
    const said = readUtc(node.at("RescheduledAt").text(40), rules.zone);
    const event = `appointment/${node.at("StopId").text(64) ?? stop?.sequence ?? ""}`;
    const told = { ...callback, recordedAt: said ?? callback.recordedAt };
    addMilestone(builder, told, { code: "appointment_set" }, "planned", at, event);
    return;
  }
  builder.finding("error", "no_time", node.path, "the appointment has no time");
}

/** Forecasts and appointments of one stop replace each other, so they carry a version. */
function addMilestone(
  builder: ReadingBuilder,
  callback: Callback,
  meaning: StopMeaning,
  classifier: Classifier,
  occurred: Instant,
  replaces?: string,
): void {
  const { node, type, stop, recordedAt } = callback;
  const milestone: UnkeyedMilestone = defined({
    kind: "milestone" as const,
    message_path: node.path,
    identifiers: callback.identifiers,
    applies_to: "one" as const,
    ...(replaces !== undefined && {
      source_event: `${callback.lane}/${replaces}`.slice(0, 128),
      version: recordedAt,
    }),
    recorded_at: recordedAt,
    code: meaning.code,
    conditions: meaning.conditions === undefined ? undefined : [...meaning.conditions],
    classifier,
    occurred,
    stop,
    place: callback.where.place,
    raw_code: type,
    raw_text: node.at("StopStatus").text(128),
  });
  // Trucks are tracked on their way to the pickup, too, so a position is no "in transit".
  const priority = type === "LOCATION_UPDATE" ? "position" : milestonePriority(milestone);
  builder.add(milestone, priority, callback.lane);
}
