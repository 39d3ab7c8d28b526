/** ShipEngine (ShipStation API) tracking: webhooks and answers of the track call. */
import type { Instant } from "../../canonical/values.ts";
import { parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { instantAt, instantAtPlace } from "../shared/json/instant_at.ts";
import { utcOf } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { type ZonedPlace, zonedPlace } from "../shared/reading/places.ts";
import { wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder, identifiers } from "../shared/reading/reading.ts";
import { type KnownVersions, requireVersion } from "../shared/reading/version.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { type ParcelMeaning, meaningOf } from "../shared/parcel/codes.ts";
import { type Scan, addParcel, scansOf, isDelivered, scanTime } from "../shared/parcel/parcel.ts";
import { DETAILS, STATUSES } from "./codes.ts";
import { type ShipEngineSettings, settings } from "./settings.ts";
import { shipengineVerifier } from "./verifier.ts";
import { registering } from "../shared/parcel/register.ts";

const ID = "shipengine";
const QUARTER_HOUR = 900_000;
const MAX_OFFSET = 14 * 3_600_000;

export const shipengineSource: Source<ShipEngineSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { shipengine: shipengineVerifier },
  contentTypes: ["application/json"],
  check: (message, given) => {
    const root = parse(message);
    recogniseVersion(root, given);
    tracking(root);
  },
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
  tracks: () => true,
  registerNumber: (...given) => register(...given),
};

/** A number that it knows already is the same tracker. */
const register = registering<ShipEngineSettings>({
  source: ID,
  needsCarrier: true,
  request: ({ number, carrier }) => ({
    method: "POST",
    path: "/v1/tracking/start",
    query: { carrier_code: carrier, tracking_number: number },
  }),
});

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

const KNOWN: KnownVersions = {
  words: ["API_TRACK", "TRACK_EVENT_V2"],
  knows: (version) => version === "API_TRACK" || version === "TRACK_EVENT_V2",
};

/** A webhook's type holds its version; answers of the track call have none, only their shape. */
function recogniseVersion(root: JsonNode, { accept_versions }: ShipEngineSettings): void {
  const { path } = root.at("resource_type");
  const text = root.at("resource_type").text(64);
  const said = text?.includes("TRACK") === true ? { text, path } : undefined;
  requireVersion(ID, said, KNOWN, accept_versions);
}

/** The tracking information in a webhook (`data`) or an answer; nothing for other webhooks. */
function tracking(root: JsonNode): JsonNode | undefined {
  for (const one of [root.at("data"), root]) {
    if (one.at("tracking_number").text(128) !== undefined) return one;
  }
  if (root.at("resource_type").text(64) !== undefined) return undefined;
  throw unreadable(ID, "not_shipengine", "/tracking_number", "no tracking information");
}

function* readParts(message: RawMessage, given: ShipEngineSettings): Generator<Reading> {
  const { zone } = given;
  const builder = new ReadingBuilder(message.receivedAt);
  const root = parse(message);
  recogniseVersion(root, given);
  const info = tracking(root);
  if (info === undefined) {
    const type = root.at("resource_type").text(64) ?? "";
    builder.finding(
      "warning",
      "not_tracking",
      "/resource_type",
      `${type}: no tracking information`,
    );
    return yield builder.done();
  }
  const number = info.at("tracking_number").text(128) ?? "-";
  const events = info.at("events").items();
  const scans = yield* scansOf(builder, events, (scan) => readScan(builder, scan, zone));
  yield* addParcel(builder, {
    path: info.path,
    identifiers: identifiers(["entity", labelOf(root)], ["tracking", number]),
    lane: number,
    recordedAt: utcOf(message.receivedAt),
    trackerId: number,
    scans,
    current: {
      path: `${info.path}/status_code`,
      ...status(info),
      rawText: info.firstText(["carrier_status_description", "status_description"], 300),
      occurred:
        isDelivered(status(info)) && !scans.some(isDelivered)
          ? instantAtPlace(builder, info.at("actual_delivery_date"), undefined, { zone })
          : undefined,
    },
    eta: forecast(builder, info, zone),
    signer: signerOf(events),
  });
  yield builder.done();
}

/** `https://api.shipengine.com/v1/labels/se-1234/track` names the label that was bought. */
function labelOf(root: JsonNode): string | undefined {
  return /\/labels\/([A-Za-z0-9-]{1,100})\//.exec(root.at("resource_url").text(500) ?? "")?.[1];
}

function status(node: JsonNode): { rawCode: string; meaning: ParcelMeaning | undefined } {
  const code = node.at("status_code").text(16);
  const detail = node.at("status_detail_code").text(46);
  const raw = [code, detail].filter((part) => part !== undefined).join("/");
  const carrier = node.firstText(["event_code", "carrier_status_code"], 40);
  return {
    rawCode: raw !== "" ? raw : carrier !== undefined ? `carrier:${carrier}` : "UN",
    meaning: meaningOf(DETAILS, detail) ?? meaningOf(STATUSES, code),
  };
}

function readScan(builder: ReadingBuilder, scan: JsonNode, zone: string): Scan[] {
  const { rawCode, meaning } = status(scan);
  const where = zonedPlace({
    name: scan.at("company_name").text(256),
    city: scan.at("city_locality").text(128),
    state: scan.at("state_province").text(64),
    postalCode: scan.at("postal_code").text(32),
    country: scan.at("country_code").text(64),
    latitude: scan.at("latitude").number(),
    longitude: scan.at("longitude").number(),
  });
  const occurred = timeOf(builder, scan, where, zone, rawCode);
  if (occurred === undefined) return [];
  const rawText = scan.firstText(["description", "carrier_status_description"], 512);
  return [{ path: scan.path, rawCode, rawText, meaning, occurred, place: where.place }];
}

/**
 * `occurred_at` is UTC, `carrier_occurred_at` the same moment on the wall clock of the place: the
 * difference is the offset that was valid there.
 */
function timeOf(
  builder: ReadingBuilder,
  scan: JsonNode,
  where: ZonedPlace,
  zone: string,
  rawCode: string,
): Instant | undefined {
  const local = scan.at("carrier_occurred_at");
  if (scan.at("occurred_at").isMissing && !local.isMissing) {
    return scanTime(builder, local, where, { zone }, rawCode);
  }
  const nowhere = { place: undefined, zone: undefined };
  const stated = { zone: "UTC", zoneStated: true };
  const utc = scanTime(builder, scan.at("occurred_at"), nowhere, stated, rawCode);
  if (utc === undefined || local.isMissing) return utc;
  const wall = instantAt(builder, local, { zone: "UTC", ignoreOffset: true });
  const offset = wall === undefined ? Number.NaN : Date.parse(wall.at) - Date.parse(utc.at);
  if (offset % QUARTER_HOUR === 0 && Math.abs(offset) <= MAX_OFFSET) {
    return { ...utc, zone: offsetText(offset) };
  }
  builder.finding(
    "warning",
    "zone_mismatch",
    local.path,
    "local time and UTC do not fit; UTC was taken",
  );
  return utc;
}

function offsetText(offset: number): string {
  if (offset === 0) return "UTC";
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function forecast(builder: ReadingBuilder, info: JsonNode, zone: string) {
  const node = info.at("estimated_delivery_date");
  const instant = instantAtPlace(builder, node, undefined, { zone, midnightIsDate: true });
  return instant && { path: node.path, instant };
}

/** The signer stands with the scan of the delivery. */
function signerOf(scans: readonly JsonNode[]) {
  for (const scan of scans) {
    const node = scan.at("signer");
    const text = node.text(128);
    if (text !== undefined) return { path: node.path, text };
  }
  return undefined;
}
