/** EasyPost trackers: webhooks (`tracker.updated`), single trackers and lists of them. */
import { parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { instantAtPlace } from "../shared/json/instant_at.ts";
import { readUtc, utcOf } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import { wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder, identifiers } from "../shared/reading/reading.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { type ParcelMeaning, meaningOf } from "../shared/parcel/codes.ts";
import { type Scan, addParcel, scansOf, scanTime } from "../shared/parcel/parcel.ts";
import { DETAILS, STATUSES } from "./codes.ts";
import { fetchTrackers } from "./poll.ts";
import { type EasyPostSettings, settings } from "./settings.ts";
import { easypostVerifier, easypostLegacyVerifier } from "./verifier.ts";
import { registering } from "../shared/parcel/register.ts";

const ID = "easypost";

export const easypostSource: Source<EasyPostSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { easypost: easypostVerifier, easypost_legacy: easypostLegacyVerifier },
  contentTypes: ["application/json"],
  check: (message) => void subjects(parse(message)),
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
  fetchPage: fetchTrackers,
  cursorFrom: (start) => JSON.stringify({ start }),
  tracks: () => true,
  registerNumber: (...given) => register(...given),
};

/** A number that it knows already is the same tracker. */
const register = registering<EasyPostSettings>({
  source: ID,
  needsCarrier: false,
  request: ({ number, carrier }) => ({
    method: "POST",
    path: "/v2/trackers",
    body: JSON.stringify({
      tracker: { tracking_code: number, ...(carrier !== "" && { carrier }) },
    }),
  }),
});

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

/** The trackers or events in a message: one event, one tracker, or a list of either. */
function subjects(root: JsonNode): JsonNode[] {
  if (!root.isObject) throw unreadable(ID, "not_easypost", "", "neither an event nor a tracker");
  for (const list of ["trackers", "events"]) {
    if (Array.isArray(root.at(list).value)) return root.at(list).items();
  }
  if (isTracker(root) || isEvent(root)) return [root];
  throw unreadable(ID, "not_easypost", "/object", "neither an Event nor a Tracker");
}

const isTracker = (node: JsonNode) =>
  node.at("object").value === "Tracker" || node.at("tracking_details").items().length > 0;
const isEvent = (node: JsonNode) => node.at("object").value === "Event";

function* readParts(message: RawMessage, { zone }: EasyPostSettings): Generator<Reading> {
  const builder = new ReadingBuilder(message.receivedAt);
  const receivedAt = utcOf(message.receivedAt);
  for (const subject of subjects(parse(message))) {
    const tracker = isEvent(subject) ? subject.at("result") : subject;
    const what = subject.at("description").text(64) ?? "event";
    if (isTracker(tracker)) yield* readTracker(builder, tracker, zone, receivedAt);
    else if (isEvent(subject) && tracker.isMissing) {
      builder.finding("warning", "no_content", subject.path, `${what}: named without its content`);
    } else {
      builder.finding("warning", "not_tracking", subject.path, `${what}: no tracker`);
    }
  }
  yield builder.done();
}

function* readTracker(
  builder: ReadingBuilder,
  tracker: JsonNode,
  zone: string,
  receivedAt: string,
) {
  const number = tracker.at("tracking_code").text(128);
  const id = tracker.at("id").text(100);
  if (tracker.at("mode").value === "test") {
    builder.finding(
      "warning",
      "test_mode",
      `${tracker.path}/mode`,
      "a test tracker: no real parcel",
    );
  }
  warnOfEvidence(builder, tracker.at("delivery_evidence"));
  const recordedAt = readUtc(tracker.firstText(["updated_at", "created_at"])) ?? receivedAt;
  const nodes = tracker.at("tracking_details").items();
  const scans = yield* scansOf(builder, nodes, (scan) => readScan(builder, scan, zone));
  yield* addParcel(builder, {
    path: tracker.path,
    identifiers: identifiers(
      ["entity", id],
      ["entity", tracker.at("shipment_id").text(128)],
      ["tracking", number],
    ),
    lane: number ?? id ?? "-",
    recordedAt,
    trackerId: id ?? number ?? "-",
    scans,
    current: { path: `${tracker.path}/status`, ...status(tracker), rawText: undefined },
    eta: forecast(builder, tracker, zone),
    signer: signerOf(tracker),
  });
}

/** Status with its detail; `status_update` and `unknown` say nothing beyond the status. */
function status(node: JsonNode): { rawCode: string; meaning: ParcelMeaning | undefined } {
  const plain = node.at("status").text(32) ?? "unknown";
  const detail = node.at("status_detail").text(30);
  const silent = detail === undefined || detail === "status_update" || detail === plain;
  const rawCode = silent || detail === "unknown" ? plain : `${plain}/${detail}`;
  return { rawCode, meaning: meaningOf(DETAILS, rawCode) ?? meaningOf(STATUSES, plain) };
}

function readScan(builder: ReadingBuilder, scan: JsonNode, zone: string): Scan[] {
  const { rawCode, meaning } = status(scan);
  const where = placeOf(scan.at("tracking_location"));
  const occurred = scanTime(builder, scan.at("datetime"), where, { zone }, rawCode);
  if (occurred === undefined) return [];
  const { place } = where;
  // EasyPost falls back on UTC where it does not know the place, so the zone is its guess.
  const guessed = occurred.zone === "UTC" && place === undefined;
  return [
    {
      path: scan.path,
      rawCode,
      rawText:
        [scan.at("message").text(300), scan.at("description").text(200)]
          .filter((text) => text !== undefined)
          .join(" · ") || undefined,
      meaning,
      occurred: guessed ? { ...occurred, zone_inferred: true } : occurred,
      place,
    },
  ];
}

function placeOf(location: JsonNode): ZonedPlace {
  return zonedPlace({
    city: location.at("city").text(128),
    state: location.at("state").text(64),
    postalCode: location.at("zip").text(32),
    country: location.at("country").text(64),
  });
}

/** The instant that EasyPost computed, else the carrier's forecast in the destination's local time. */
function forecast(builder: ReadingBuilder, tracker: JsonNode, zone: string) {
  const carrier = tracker.at("carrier_detail");
  const day = carrier.at("est_delivery_date_local");
  const time = carrier.at("est_delivery_time_local").text(16);
  const local = time === undefined ? day.text(32) : `${day.text(10)}T${time}`;
  const computed = tracker.at("est_delivery_date");
  const node = computed.isMissing && !day.isMissing ? new JsonNode(local, day.path) : computed;
  const to = placeOf(carrier.at("destination_tracking_location"));
  const instant = instantAtPlace(builder, node, to.zone, { zone, midnightIsDate: true });
  return instant && { path: node.path, instant };
}

/** Photos and signatures stand behind links that the bridge does not follow. */
function warnOfEvidence(builder: ReadingBuilder, evidence: JsonNode): void {
  const count = evidence.items().length;
  if (count > 0) {
    builder.finding("warning", "evidence_not_read", evidence.path, `${count} pieces of evidence`);
  }
}

function signerOf(tracker: JsonNode) {
  const node = tracker.at("signed_by");
  const text = node.text(128);
  return text === undefined ? undefined : { path: node.path, text };
}
