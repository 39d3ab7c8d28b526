/** AfterShip trackings: webhooks (`msg`), single trackings and lists of them. */
import { parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { instantAtPlace } from "../shared/json/instant_at.ts";
import { readUtc, utcOf } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import { wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder, identifiers, ownReference } from "../shared/reading/reading.ts";
import { type KnownVersions, requireVersion } from "../shared/reading/version.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { type ParcelMeaning, meaningOf } from "../shared/parcel/codes.ts";
import { type Scan, addParcel, scansOf, isDelivered, scanTime } from "../shared/parcel/parcel.ts";
import { SILENT_TAGS, SUBTAGS, TAGS } from "./codes.ts";
import { fetchTrackings } from "./poll.ts";
import { type AfterShipSettings, settings } from "./settings.ts";
import { aftershipVerifier, aftershipNewerVerifier } from "./verifier.ts";
import { registering } from "../shared/parcel/register.ts";

const ID = "aftership";

export const aftershipSource: Source<AfterShipSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { aftership: aftershipVerifier, aftership_newer: aftershipNewerVerifier },
  contentTypes: ["application/json"],
  check: (message, given) => {
    recogniseVersion(message, given);
    trackings(parse(message));
  },
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
  fetchPage: fetchTrackings,
  cursorFrom: (since) => JSON.stringify({ since }),
  tracks: () => true,
  registerNumber: (...given) => register(...given),
};

/** A number that it knows already is the same tracker. */
const register = registering<AfterShipSettings>({
  source: ID,
  needsCarrier: false,
  request: ({ number, carrier }, { path }) => ({
    method: "POST",
    path,
    body: JSON.stringify({ tracking_number: number, ...(carrier !== "" && { slug: carrier }) }),
  }),
  // Meta code 4003: the tracking exists already.
  isKnown: ({ body }) => /"code"\s*:\s*4003\b/.test(body.toString("utf8", 0, 4000)),
});

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

const LATEST = "2025-07";
const KNOWN: KnownVersions = {
  words: [`the versions up to ${LATEST}`],
  knows: (version) => /^\d{4}-\d{2}$/.test(version) && version <= LATEST,
};

/**
 * Each webhook names the version that its receiver chose; older ones name none and are known by
 * their shape, as are the answers of a poll, whose version is the one in `path`.
 */
function recogniseVersion(
  { attributes }: RawMessage,
  { accept_versions }: AfterShipSettings,
): void {
  const text = attributes["as-webhook-version"];
  const said = text === undefined ? undefined : { text, path: "as-webhook-version" };
  requireVersion(ID, said, KNOWN, accept_versions);
}

/** The trackings in a webhook (`msg`) or an API answer (`data`). */
function trackings(root: JsonNode): JsonNode[] {
  const list = root.at("data", "trackings");
  if (Array.isArray(list.value)) return list.items();
  for (const one of [root.at("msg"), root.at("data", "tracking"), root.at("data"), root]) {
    if (one.isObject && one.at("tracking_number").text(128) !== undefined) return [one];
  }
  throw unreadable(ID, "not_aftership", "", "no tracking: neither msg nor data holds one");
}

function* readParts(message: RawMessage, given: AfterShipSettings): Generator<Reading> {
  const { zone } = given;
  recogniseVersion(message, given);
  const builder = new ReadingBuilder(message.receivedAt);
  const root = parse(message);
  const told = readUtc(root.at("ts").text(32)) ?? utcOf(message.receivedAt);
  for (const tracking of trackings(root)) yield* readTracking(builder, tracking, zone, told);
  yield builder.done();
}

function* readTracking(builder: ReadingBuilder, tracking: JsonNode, zone: string, told: string) {
  const number = tracking.at("tracking_number").text(128);
  const id = tracking.at("id").text(100);
  const { rawCode, meaning, silent } = status(tracking);
  // With `return_to_sender`, delivered is the sender's own door.
  const returned = tracking.at("return_to_sender").isTrue();
  const to = destinationOf(tracking);
  const scans = yield* scansOf(builder, tracking.at("checkpoints").items(), (scan) =>
    readScan(builder, scan, zone),
  );
  if (silent) {
    builder.finding(
      "warning",
      "silent_tag",
      `${tracking.path}/tag`,
      `${rawCode}: nothing is known of the parcel`,
    );
  }
  yield* addParcel(builder, {
    path: tracking.path,
    identifiers: identifiers(
      ["entity", id],
      ["tracking", number],
      ...ownReference(tracking.at("order_number").text(128)),
      ["customer_ref", tracking.at("order_id").text(128)],
    ),
    lane: number ?? id ?? "-",
    recordedAt: readUtc(tracking.firstText(["last_updated_at", "updated_at"]), zone) ?? told,
    trackerId: id ?? number ?? "-",
    scans,
    isReturned: returned,
    ...(!silent && {
      current: {
        path: `${tracking.path}/tag`,
        rawCode,
        rawText: tracking.at("subtag_message").text(300),
        meaning: returned && meaning?.code === "delivered" ? { code: "returned" } : meaning,
        occurred:
          meaning?.code === "delivered" && !scans.some(isDelivered)
            ? instantAtPlace(builder, tracking.at("shipment_delivery_date"), to.zone, { zone })
            : undefined,
      },
    }),
    eta: forecast(builder, tracking, to, zone),
    signer: signerOf(tracking),
  });
}

function destinationOf(tracking: JsonNode): ZonedPlace {
  return zonedPlace({
    city: tracking.at("destination_city").text(128),
    state: tracking.at("destination_state").text(64),
    country: tracking.firstText(["destination_country_region", "destination_country_iso3"], 64),
  });
}

function status(node: JsonNode): {
  rawCode: string;
  meaning: ParcelMeaning | undefined;
  silent: boolean;
} {
  const tag = node.at("tag").text(32);
  const subtag = node.at("subtag").text(32);
  return {
    rawCode: subtag ?? tag ?? "unknown",
    meaning: meaningOf(SUBTAGS, subtag) ?? meaningOf(TAGS, tag),
    silent: tag !== undefined && SILENT_TAGS.has(tag),
  };
}

function readScan(builder: ReadingBuilder, scan: JsonNode, zone: string): Scan[] {
  const { rawCode, meaning } = status(scan);
  const [longitude, latitude] = scan.at("coordinates").items();
  const where = zonedPlace({
    name: scan.at("location").text(256),
    city: scan.at("city").text(128),
    state: scan.at("state").text(64),
    postalCode: scan.firstText(["zip", "postal_code"], 32),
    country: scan.firstText(["country_iso3", "country_region", "country_name"], 64),
    // GeoJSON order: longitude first.
    latitude: scan.at("coordinate", "latitude").number() ?? latitude?.number(),
    longitude: scan.at("coordinate", "longitude").number() ?? longitude?.number(),
  });
  const occurred = scanTime(builder, scan.at("checkpoint_time"), where, { zone }, rawCode);
  if (occurred === undefined) return [];
  const rawText = scan.at("message").text(512);
  return [{ path: scan.path, rawCode, rawText, meaning, occurred, place: where.place }];
}

/** The latest forecast of whoever AfterShip trusts most, else the carrier's. */
function forecast(
  builder: ReadingBuilder,
  tracking: JsonNode,
  { zone: destination }: ZonedPlace,
  zone: string,
) {
  const candidates = [
    tracking.at("latest_estimated_delivery", "datetime"),
    tracking.at("courier_estimated_delivery_date", "estimated_delivery_date"),
    tracking.at("expected_delivery"),
  ];
  for (const node of candidates) {
    const instant = instantAtPlace(builder, node, destination, { zone, midnightIsDate: true });
    if (instant !== undefined) return { path: node.path, instant };
  }
  return undefined;
}

function signerOf(tracking: JsonNode) {
  const node = tracking.at("signed_by");
  const text = node.text(128);
  return text === undefined ? undefined : { path: node.path, text };
}
