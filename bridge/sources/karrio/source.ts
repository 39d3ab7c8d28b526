/** Karrio trackers: webhooks (`tracker_updated`), single trackers and lists of them. */
import type { Instant } from "../../canonical/values.ts";
import { parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { instantAtPlace } from "../shared/json/instant_at.ts";
import { readUtc, utcOf } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import { wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder, identifiers, ownReference } from "../shared/reading/reading.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { type ParcelMeaning, meaningOf } from "../shared/parcel/codes.ts";
import { type Scan, addParcel, scansOf, scanTime } from "../shared/parcel/parcel.ts";
import { INCIDENTS, REASONS, STATUSES } from "./codes.ts";
import { fetchTrackers } from "./poll.ts";
import { type KarrioSettings, settings } from "./settings.ts";
import { karrioVerifier } from "./verifier.ts";
import { registering } from "../shared/parcel/register.ts";

const ID = "karrio";

export const karrioSource: Source<KarrioSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { karrio: karrioVerifier },
  contentTypes: ["application/json"],
  check: (message) => void trackers(parse(message)),
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
  fetchPage: fetchTrackers,
  cursorFrom: (start) => JSON.stringify({ start }),
  tracks: () => true,
  registerNumber: (...given) => register(...given),
};

/** A number that it knows already is the same tracker. */
const register = registering<KarrioSettings>({
  source: ID,
  needsCarrier: true,
  request: ({ number, carrier }) => ({
    method: "POST",
    path: "/v1/trackers",
    body: JSON.stringify({ tracking_number: number, carrier_name: carrier }),
  }),
  isKnown: (answer) => answer.status === 409,
});

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

/** The trackers in a webhook (`data`), a list (`results`) or an answer; none in other webhooks. */
function trackers(root: JsonNode): JsonNode[] {
  if (Array.isArray(root.at("results").value)) return root.at("results").items();
  const event = root.at("event").text(64);
  if (event !== undefined && !event.startsWith("tracker")) return [];
  for (const one of [root.at("data"), root]) {
    if (one.at("tracking_number").text(128) !== undefined) return [one];
  }
  throw unreadable(ID, "not_karrio", "/tracking_number", "no tracker");
}

function* readParts(message: RawMessage, { zone }: KarrioSettings): Generator<Reading> {
  const builder = new ReadingBuilder(message.receivedAt);
  const root = parse(message);
  const list = trackers(root);
  const event = root.at("event").text(64);
  if (list.length === 0 && event !== undefined) {
    builder.finding("warning", "not_tracking", "/event", `${event}: no tracker`);
  }
  for (const tracker of list) yield* readTracker(builder, tracker, zone, utcOf(message.receivedAt));
  yield builder.done();
}

function* readTracker(
  builder: ReadingBuilder,
  tracker: JsonNode,
  zone: string,
  receivedAt: string,
) {
  const number = tracker.at("tracking_number").text(128);
  const id = tracker.at("id").text(100);
  if (tracker.at("test_mode").isTrue()) {
    builder.finding(
      "warning",
      "test_mode",
      `${tracker.path}/test_mode`,
      "a test tracker: no real parcel",
    );
  }
  const papers = ["delivery_image_url", "signature_image_url"].flatMap((image) => {
    const url = tracker.at(image).text(4000);
    return url === undefined
      ? []
      : [{ path: `${tracker.path}/${image}`, url, name: image.replace("_image_url", "") }];
  });
  const signer = tracker.at("info", "signed_by");
  const signerText = signer.text(128);
  yield* addParcel(builder, {
    path: tracker.path,
    identifiers: identifiers(
      ["entity", id],
      ["tracking", number],
      ...ownReference(tracker.at("info", "order_id").text(128)),
      ...ownReference(tracker.at("reference").text(128)),
    ),
    lane: number ?? id ?? "-",
    recordedAt: readUtc(tracker.firstText(["updated_at", "created_at"])) ?? receivedAt,
    trackerId: id ?? number ?? "-",
    scans: yield* scansOf(builder, tracker.at("events").items(), (scan) =>
      readScan(builder, scan, zone),
    ),
    ...(!tracker.at("status").isMissing && {
      current: { path: `${tracker.path}/status`, ...status(tracker) },
    }),
    eta: forecast(builder, tracker, zone),
    papers,
    signer: signerText === undefined ? undefined : { path: signer.path, text: signerText },
  });
}

/** Newer versions normalize each event; before, only the carrier's own code is there. */
function status(node: JsonNode): { rawCode: string; meaning: ParcelMeaning | undefined } {
  const plain = node.at("status").text(24);
  const why = node.at("reason").text(36);
  if (plain === undefined)
    return { rawCode: `carrier:${node.at("code").text(48) ?? "-"}`, meaning: undefined };
  const meaning = meaningOf(INCIDENTS, why) ?? meaningOf(STATUSES, plain);
  const reason = why !== undefined && Object.hasOwn(REASONS, why) ? REASONS[why] : undefined;
  return {
    rawCode: why === undefined ? plain : `${plain}/${why}`,
    meaning: meaning !== undefined && reason !== undefined ? { ...meaning, reason } : meaning,
  };
}

/** `MONTREAL, QC, CA`. Two parts may be city and state as well as city and country. */
const STATE_AND_COUNTRY = /,\s*([A-Z]{2,3})\s*,\s*([A-Z]{2,3})$/;

function readScan(builder: ReadingBuilder, scan: JsonNode, zone: string): Scan[] {
  const { rawCode, meaning } = status(scan);
  const name = scan.at("location").text(256);
  const [, state, country] = STATE_AND_COUNTRY.exec(name ?? "") ?? [];
  const where = zonedPlace({
    name,
    state,
    country,
    latitude: scan.at("latitude").number(),
    longitude: scan.at("longitude").number(),
  });
  const occurred = timeOf(builder, scan, where, zone, rawCode);
  if (occurred === undefined) return [];
  return [
    {
      path: scan.path,
      rawCode,
      rawText: scan.at("description").text(512),
      meaning,
      occurred,
      place: where.place,
    },
  ];
}

/**
 * Date and time as the carrier wrote them. The normalized `timestamp` claims UTC, but its offset
 * was dropped on the way: it is taken as wall clock, too, and only when there is nothing better.
 */
function timeOf(
  builder: ReadingBuilder,
  scan: JsonNode,
  where: ZonedPlace,
  zone: string,
  rawCode: string,
): Instant | undefined {
  const rules = { zone, ignoreOffset: true };
  const date = scan.at("date");
  if (date.text(32) === undefined) {
    return scanTime(builder, scan.at("timestamp"), where, rules, rawCode);
  }
  const clock = clockTime(scan.at("time").text(16));
  const text = clock === undefined ? date.text(32) : `${date.text(10)}T${clock}`;
  return scanTime(builder, new JsonNode(text, date.path), where, rules, rawCode);
}

/** `2:30 PM`, `14:30`, `14:30:00` as `14:30` or `14:30:00`; nothing when it is no time. */
function clockTime(text: string | undefined): string | undefined {
  const match = /^(\d{1,2}):(\d{2})(:\d{2})?\s*([AaPp])?\.?[Mm]?\.?$/.exec(text ?? "");
  if (match === null) return undefined;
  const [, hours, minutes, seconds, half] = match;
  const twelve =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (/p/i.test(half) ? 12 : 0);
  return `${String(twelve).padStart(2, "0")}:${minutes}${seconds ?? ""}`;
}

function forecast(builder: ReadingBuilder, tracker: JsonNode, zone: string) {
  const node = tracker.at("estimated_delivery");
  const instant = instantAtPlace(builder, node, undefined, { zone, midnightIsDate: true });
  return instant && { path: node.path, instant };
}
