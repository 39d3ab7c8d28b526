/** What a file is, by its bytes: which partner's language, or no message at all and why. */
import { edifactSource } from "../../bridge/sources/edifact/source.ts";
import { sources } from "../../bridge/sources/registry.ts";
import type { RawMessage } from "../../bridge/sources/source.ts";

export type Recognised =
  | { format: string }
  /** Something else than a message: a specification, a text about messages. */
  | { format: "not a message"; reason: string }
  | { format: "unknown"; reason: string };

type Json = Record<string, unknown>;

const has = (value: unknown, ...keys: string[]): boolean =>
  typeof value === "object" && value !== null && keys.some((key) => key in value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const member = (value: unknown, key: string): unknown =>
  has(value, key) ? (value as Json)[key] : undefined;
const starts = (value: unknown, ...beginnings: string[]): boolean =>
  typeof value === "string" && beginnings.some((it) => value.startsWith(it));

/** JSON that stands beside messages. */
const NO_MESSAGES: ReadonlyArray<readonly [string, (value: unknown) => boolean]> = [
  ["an API description (OpenAPI)", (it) => has(it, "openapi", "swagger")],
  ["a JSON Schema", (it) => has(it, "$schema", "$defs")],
  ["a mapping for another program's parser", (it) => has(it, "parser_settings")],
  ["another program's reading of a message", (it) => has(list(it)[0], "RawRecord")],
  ["a reviewed reading of a sample", (it) => has(it, "reading") && has(it, "check")],
  [
    "an HTTP error as a test double gives it",
    (it) => Number(member(it, "status")) >= 400 && has(member(it, "body"), "error", "errors"),
  ],
];

/** Types by which an entity without other marks says that it is Open Trip Model's. */
const OTM_TYPES = new Set(["items", "transportEquipment", "updateEvent", "load", "unload", "stop"]);

/** How each source's messages look; the first that fits is it. */
const SHAPES: ReadonlyArray<readonly [string, (value: unknown) => boolean]> = [
  ["fourkites", (it) => has(it, "FourKitesLoadId")],
  [
    "easypost",
    (it) =>
      ["Event", "Tracker"].includes(String(member(it, "object"))) ||
      list(member(it, "trackers")).length > 0 ||
      starts(member(list(member(it, "events"))[0], "id"), "evt_"),
  ],
  [
    "aftership",
    (it) =>
      starts(member(it, "event"), "tracking_update") ||
      (has(it, "meta") && has(member(it, "data"), "tracking", "trackings", "tag")),
  ],
  [
    "shipengine",
    (it) =>
      starts(member(it, "resource_type"), "API_") ||
      (has(it, "tracking_number") && has(it, "status_code")),
  ],
  [
    "shippo",
    (it) =>
      ["track_updated", "transaction_updated"].includes(String(member(it, "event"))) ||
      has(it, "tracking_status"),
  ],
  [
    "karrio",
    (it) =>
      ["tracker", "shipment"].includes(String(member(member(it, "data"), "object_type"))) ||
      has(list(member(it, "results"))[0], "carrier_name"),
  ],
  ["project44", (it) => has(member(it, "shipment"), "identifiers")],
  [
    "otm5",
    (it) => {
      const [first] = Array.isArray(it) ? (it as unknown[]) : list(member(it, "entities"));
      const entity = first ?? it;
      if (has(entity, "entityType", "lifecycle", "actions", "consignments")) return true;
      if (has(entity, "entity") && has(entity, "associationType")) return true;
      if (String(member(entity, "eventType")).endsWith("Event")) return true;
      return has(entity, "id") && OTM_TYPES.has(String(member(entity, "type")));
    },
  ],
  [
    "dcsa",
    (it) => {
      const [first] = Array.isArray(it) ? it : list(member(it, "events"));
      const event = first ?? it;
      return has(
        event,
        "eventID",
        "eventType",
        "eventClassification",
        "someEvents",
        "eventRouting",
      );
    },
  ],
];

/** Recognises a file by its name's ending and its bytes. */
export function recognise(name: string, body: Buffer): Recognised {
  if (/\.(md|ya?ml|ts|html?|xsd)$/i.test(name)) {
    return { format: "not a message", reason: "a document or a description" };
  }
  const start = body
    .toString("utf8", 0, 200)
    .replace(/^\ufeff/, "")
    .trimStart();
  if (start === "") return { format: "unknown", reason: "empty" };
  if (start.startsWith("ISA")) return { format: "x12" };
  if (/^(UNA|UNB|UNH)/.test(start)) return { format: "edifact" };
  if (/^[[{]/.test(start)) return recogniseJson(body);
  const kind = start.startsWith("<") ? "XML" : "neither JSON, X12 nor EDIFACT";
  return { format: "unknown", reason: `${kind}: needs a partner's mapping (source mapped)` };
}

function recogniseJson(body: Buffer): Recognised {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8").replace(/^\ufeff/, ""));
  } catch {
    return { format: "unknown", reason: "begins like JSON and is none" };
  }
  const [reason] = NO_MESSAGES.find(([, fits]) => fits(value)) ?? [];
  if (reason !== undefined) return { format: "not a message", reason };
  const [format] = SHAPES.find(([, fits]) => fits(value)) ?? [];
  if (format !== undefined && sources.has(format)) return { format };
  return { format: "unknown", reason: "JSON of no known shape: needs a partner's mapping" };
}

/** The message as the bridge would have it. */
export function rawMessage(name: string, body: Buffer, receivedAt: Date): RawMessage {
  const contentType = edifactSource.contentTypes[0] ?? "";
  return { body, contentType, receivedAt, attributes: { file: name } };
}
