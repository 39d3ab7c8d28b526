/** project44's events and positions as milestones. */
import type { Classifier } from "../../canonical/codes.ts";
import type { Reading } from "../../canonical/reading.ts";
import { instantAtPlace } from "../shared/json/instant_at.ts";
import { readUtc } from "../shared/reading/instants.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { makePlace } from "../shared/reading/places.ts";
import { PART_ENTITIES } from "../shared/reading/parts.ts";
import { type ReadingBuilder, defined } from "../shared/reading/reading.ts";
import { EVENTS, type EventMeaning, STOP_EVENTS, SYNONYMS, TRACKING_EVENTS } from "./codes.ts";
import type { History } from "./history.ts";
import type { Stop } from "./stops.ts";

/** Which member of an event holds which kind of time, and when project44 said it. */
const TIMES: ReadonlyArray<{ key: string; said: string; classifier: Classifier }> = [
  { key: "dateTime", said: "receivedDateTime", classifier: "actual" },
  { key: "estimateDateTime", said: "estimateLastCalculatedDateTime", classifier: "estimated" },
  { key: "plannedDateTime", said: "receivedDateTime", classifier: "planned" },
];

/**
 * Every event of the history, in parts; those about the tracking itself are only counted.
 */
export function* addEvents(
  builder: ReadingBuilder,
  all: History,
  stops: readonly Stop[],
): Generator<Reading> {
  const list = all.root.at("events");
  const tracking = new Set<string>();
  for (const [index, event] of list.items().entries()) {
    const type = event.at("type").text(48) ?? "UNKNOWN";
    if (TRACKING_EVENTS.has(type)) tracking.add(type);
    else addEvent(builder, all, stops, event, type);
    if ((index + 1) % PART_ENTITIES === 0) yield builder.take();
  }
  if (tracking.size > 0) {
    builder.finding(
      "warning",
      "tracking_only",
      list.path,
      `about the tracking itself: ${[...tracking].join(", ")}`,
    );
  }
}

function addEvent(
  builder: ReadingBuilder,
  all: History,
  stops: readonly Stop[],
  event: JsonNode,
  type: string,
): void {
  const stopId = event.at("stopId").text(128);
  const stop = stops.find((it) => it.id === stopId);
  const meaning = meaningOf(event, type, stop);
  if (meaning === undefined) {
    builder.finding(
      "warning",
      "unmapped_code",
      event.at("type").path,
      `no meaning is known for ${type}`,
    );
  }
  const facts = TIMES.filter(({ key, said, classifier }) => {
    const occurred = instantAtPlace(builder, event.at(key), stop?.zone, { zone: all.zone });
    if (occurred === undefined) return false;
    const recordedAt =
      readUtc(event.at(said).text(40)) ??
      readUtc(event.at("receivedDateTime").text(40)) ??
      all.recordedAt;
    return builder.milestone(
      defined({
        kind: "milestone" as const,
        message_path: event.path,
        identifiers: all.identifiers,
        applies_to: "one" as const,
        // project44 recalculates forecasts and plans; each newer one replaces the one before.
        ...(classifier !== "actual" && {
          source_event: `${all.shipmentId}/${type}/${stopId ?? ""}/${classifier}`.slice(0, 128),
          version: recordedAt,
        }),
        recorded_at: recordedAt,
        code: meaning?.code,
        conditions: meaning?.conditions === undefined ? undefined : [...meaning.conditions],
        classifier,
        occurred,
        stop:
          stopId === undefined
            ? undefined
            : defined({ id: stopId, sequence: stop?.sequence, kind: stop?.kind }),
        place: stop?.place,
        reasons: meaning?.reason === undefined ? undefined : [{ code: meaning.reason, raw: type }],
        raw_code: type,
        raw_text: event.at("description").text(512),
      }),
      all.shipmentId,
    );
  });
  if (facts.length === 0)
    builder.finding("error", "no_time", event.path, `the event ${type} has no time`);
}

function meaningOf(
  event: JsonNode,
  type: string,
  stop: Stop | undefined,
): EventMeaning | undefined {
  const name = (Object.hasOwn(SYNONYMS, type) ? SYNONYMS[type] : undefined) ?? type;
  if (Object.hasOwn(STOP_EVENTS, name)) return stop && STOP_EVENTS[name]?.[stop.kind];
  if (name === "DOCUMENT_ADD") {
    const proof = event.at("details", "documentType").value === "PROOF_OF_DELIVERY";
    return proof ? { conditions: ["pod_available"] } : undefined;
  }
  return Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
}

/**
 * The latest position. It counts as "in transit" only while project44 itself says so: trucks are
 * tracked on their way to the pickup, too.
 */
export function addPosition(builder: ReadingBuilder, all: History): void {
  const positions = all.root.at("positions").items();
  const last = positions.at(-1);
  if (last === undefined) return;
  const moving = all.root
    .at("states")
    .items()
    .some(
      (it) => it.at("type").text(48)?.startsWith("IN_TRANSIT") && it.at("endDateTime").isMissing,
    );
  const occurred = instantAtPlace(builder, last.at("dateTime"), undefined, { zone: all.zone });
  if (occurred === undefined) return;
  builder.add(
    defined({
      kind: "milestone" as const,
      message_path: last.path,
      identifiers: all.identifiers,
      applies_to: "one" as const,
      recorded_at: readUtc(last.at("receivedDateTime").text(40)) ?? all.recordedAt,
      code: moving ? ("in_transit" as const) : undefined,
      classifier: "actual" as const,
      occurred,
      place: makePlace({
        latitude: last.at("latitude").number(),
        longitude: last.at("longitude").number(),
      }),
      raw_code: "POSITION",
    }),
    "position",
    all.shipmentId,
  );
}
