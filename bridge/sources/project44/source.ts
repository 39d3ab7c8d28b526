/**
 * project44 v4 webhooks: the body is the shipment's full tracking history (shipment, events,
 * states, positions). One event can hold a plan, a forecast and what happened.
 */
import { parseDocument } from "../shared/json/document.ts";
import { unreadable } from "../shared/reading/unreadable.ts";
import { readUtc, utcOf } from "../shared/reading/instants.ts";
import { JsonNode } from "../shared/json/node.ts";
import { wholeOf } from "../shared/reading/parts.ts";
import { ReadingBuilder, identifiers } from "../shared/reading/reading.ts";
import { unknownVersion } from "../shared/reading/version.ts";
import type { RawMessage, Source } from "../source.ts";
import type { Reading } from "../../canonical/reading.ts";
import { IDENTIFIERS, OWN_REFERENCES } from "./codes.ts";
import { addEvents, addPosition } from "./events.ts";
import type { History } from "./history.ts";
import { addItinerary, stopsOf } from "./stops.ts";
import { type Project44Settings, settings } from "./settings.ts";
import { project44Verifier } from "./verifier.ts";

const ID = "project44";

export const project44Source: Source<Project44Settings> = {
  id: ID,
  mapping: `${ID}@2`,
  settings,
  verifiers: { project44: project44Verifier },
  contentTypes: ["application/json"],
  check: (message) => void history(parse(message)),
  read: (message, given) => wholeOf(readParts(message, given)),
  readParts,
};

function parse(message: RawMessage): JsonNode {
  return new JsonNode(parseDocument(ID, message.body));
}

/** Members of a status of the API's version 3, which is another language. */
const VERSION_3 = ["latestStatusUpdate", "latestStopStatuses", "statusUpdates"];

/**
 * The object that holds `shipment` and `events`. Throws `unknown_version` (quarantine) for a status
 * of version 3, which holds a shipment, too.
 */
function history(root: JsonNode): JsonNode {
  const older = VERSION_3.map((name) => root.at(name)).find((it) => !it.isMissing);
  if (older !== undefined && root.at("events").isMissing) {
    const hint = "have project44 send version 4, or install a release that reads 3, then release";
    throw unknownVersion(ID, { text: "3", path: older.path }, ["4"], hint);
  }
  for (const one of [root, root.at("shipmentEventHistory"), root.at("data")]) {
    if (one.at("shipment", "id").text(128) !== undefined) return one;
  }
  throw unreadable(ID, "not_project44", "/shipment/id", "no tracking history of a shipment");
}

function* readParts(message: RawMessage, { zone }: Project44Settings): Generator<Reading> {
  const builder = new ReadingBuilder(message.receivedAt);
  const root = history(parse(message));
  const shipment = root.at("shipment");
  const all: History = {
    root,
    shipmentId: shipment.at("id").text(80) ?? "-",
    identifiers: identifiersOf(shipment),
    recordedAt: readUtc(shipment.at("lastModifiedDateTime").text(40)) ?? utcOf(message.receivedAt),
    zone,
  };
  const stops = stopsOf(shipment);
  addItinerary(builder, all, stops);
  yield* addEvents(builder, all, stops);
  addPosition(builder, all);
  yield builder.done();
}

function identifiersOf(shipment: JsonNode) {
  const named = shipment
    .at("identifiers")
    .items()
    .map((it) => ({
      type: it.at("type").text(64) ?? "",
      value: it.at("value").text(128),
    }));
  return identifiers(
    ["entity", shipment.at("id").text(128)],
    ...named.flatMap(({ type, value }) =>
      OWN_REFERENCES.has(type) ? [["shipment", value] as const] : [],
    ),
    ...named.flatMap(({ type, value }) => {
      const known = Object.hasOwn(IDENTIFIERS, type) ? IDENTIFIERS[type] : undefined;
      return known === undefined ? [] : [[known, value] as const];
    }),
  );
}
