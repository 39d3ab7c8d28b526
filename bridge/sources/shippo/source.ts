/** Shippo tracks: webhooks (`track_updated`) and answers of the tracks endpoint. */
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
import { STATUSES, SUBSTATUSES } from "./codes.ts";
import { type ShippoSettings, settings } from "./settings.ts";
import { shippoVerifier } from "./verifier.ts";
import { registering } from "../shared/parcel/register.ts";

const ID = "shippo";

export const shippoSource: Source<ShippoSettings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { shippo: shippoVerifier },
  contentTypes: ["application/json"],
  check: (message) => void track(parse(message)),
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
  tracks: () => true,
  registerNumber: (...given) => register(...given),
};

/** A number that it knows already is the same tracker. */
const register = registering<ShippoSettings>({
  source: ID,
  needsCarrier: true,
  request: ({ number, carrier }) => ({
    method: "POST",
    path: "/tracks/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ carrier, tracking_number: number }).toString(),
  }),
});

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

/** The track in a webhook (`data`) or an answer; nothing for other webhooks (transactions, batches). */
function track(root: JsonNode): JsonNode | undefined {
  const event = root.at("event").text(64);
  if (event !== undefined && event !== "track_updated") return undefined;
  for (const one of [root.at("data"), root]) {
    if (one.at("tracking_number").text(128) !== undefined) return one;
  }
  throw unreadable(ID, "not_shippo", "/tracking_number", "no track");
}

function* readParts(message: RawMessage, { zone }: ShippoSettings): Generator<Reading> {
  const builder = new ReadingBuilder(message.receivedAt);
  const root = parse(message);
  const data = track(root);
  if (data === undefined) {
    builder.finding(
      "warning",
      "not_tracking",
      "/event",
      `${root.at("event").text(64) ?? ""}: no track`,
    );
    return yield builder.done();
  }
  if (root.at("test").isTrue() || data.at("test").isTrue()) {
    builder.finding("warning", "test_mode", "/test", "a test track: no real parcel");
  }
  const number = data.at("tracking_number").text(128) ?? "-";
  const current = data.at("tracking_status");
  const where = placeOf(current.at("location"));
  yield* addParcel(builder, {
    path: data.path,
    identifiers: identifiers(
      ["entity", data.at("transaction").text(128)],
      ["tracking", number],
      ...ownReference(data.at("metadata").text(100)),
    ),
    lane: number,
    recordedAt:
      readUtc(current.firstText(["object_updated", "object_created"])) ?? utcOf(message.receivedAt),
    trackerId: number,
    scans: yield* scansOf(builder, data.at("tracking_history").items(), (scan) =>
      readScan(builder, scan, zone),
    ),
    ...(!current.isMissing && {
      current: {
        path: current.path,
        ...status(current),
        rawText: current.at("status_details").text(512),
        occurred: instantAtPlace(builder, current.at("status_date"), where.zone, { zone }),
        place: where.place,
      },
    }),
    eta: forecast(builder, data, zone),
  });
  yield builder.done();
}

/** Newer answers give the substatus as an object, older ones as text or not at all. */
function status(node: JsonNode): { rawCode: string; meaning: ParcelMeaning | undefined } {
  const plain = node.at("status").text(20) ?? "UNKNOWN";
  const detail = node.at("substatus", "code").text(40) ?? node.at("substatus").text(40);
  const rawCode = detail === undefined ? plain : `${plain}/${detail}`;
  return { rawCode, meaning: meaningOf(SUBSTATUSES, rawCode) ?? meaningOf(STATUSES, plain) };
}

function readScan(builder: ReadingBuilder, scan: JsonNode, zone: string): Scan[] {
  const { rawCode, meaning } = status(scan);
  const where = placeOf(scan.at("location"));
  const occurred = scanTime(builder, scan.at("status_date"), where, { zone }, rawCode);
  if (occurred === undefined) return [];
  const rawText = scan.at("status_details").text(512);
  return [{ path: scan.path, rawCode, rawText, meaning, occurred, place: where.place }];
}

function placeOf(location: JsonNode): ZonedPlace {
  return zonedPlace({
    city: location.at("city").text(128),
    state: location.at("state").text(64),
    postalCode: location.at("zip").text(32),
    country: location.at("country").text(64),
  });
}

function forecast(builder: ReadingBuilder, data: JsonNode, zone: string) {
  const node = data.at("eta");
  const to = placeOf(data.at("address_to"));
  const instant = instantAtPlace(builder, node, to.zone, { zone, midnightIsDate: true });
  return instant && { path: node.path, instant };
}
