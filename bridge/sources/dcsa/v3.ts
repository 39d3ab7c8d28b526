/**
 * Reading events of Track & Trace 3.0.
 *
 * An event is identified by party code, code list and eventID; a later eventUpdatedDateTime
 * replaces an earlier one, `isRetracted` discards all versions, those that arrive later too.
 */
import type { Place } from "../../canonical/values.ts";
import { readInstant, readUtc } from "../shared/reading/instants.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { makePlace } from "../shared/reading/places.ts";
import { type ReadingBuilder, defined, identifiers } from "../shared/reading/reading.ts";
import { type Direction, type EventType, LOCATION_DIRECTIONS } from "./codes.ts";
import { DELAY_SUFFIX, type DcsaEvent, sourceEventOf } from "./event.ts";
import { documentIdentifiers, referenceIdentifiers } from "./references.ts";
import { CLASSIFIERS } from "./v2.ts";

const DIRECTIONS: ReadonlySet<string> = new Set(["EXPORT", "IMPORT", "TRANSSHIPMENT"]);

function identityOf(node: JsonNode): string {
  const party = node.at("eventRouting", "originatingParty");
  return sourceEventOf([
    "3",
    party.at("partyCode").text(150),
    party.at("codeListProvider").text(100),
    party.at("codeListName").text(100),
    node.at("eventID").text(500),
  ]);
}

/** Reads an event that passed the schema; nothing when a time is beyond the calendar after all. */
export function readV3(node: JsonNode): DcsaEvent | undefined {
  const classification = node.at("eventClassification");
  const type = classification.at("eventTypeCode").value as EventType;
  const code = classification.at(`${type.toLowerCase()}EventTypeCode`).text(4);
  const occurred = readInstant(node.at("eventDateTime").text(40) ?? "", { zone: "UTC" }).instant;
  const updated = readUtc(node.at("eventUpdatedDateTime").text(40));
  if (code === undefined || occurred === undefined || updated === undefined) return undefined;
  const shipment = node.at("shipmentDetails");
  const equipment = node.at("equipmentDetails");
  const transport = node.at("transportDetails");
  const truck = transport.at("transportCall", "truckTransport");
  const load = equipment.at("emptyIndicatorCode").value;
  return {
    path: node.path,
    type,
    code,
    classifier: CLASSIFIERS[classification.at("eventClassifierCode").text(3) ?? ""] ?? "actual",
    occurred,
    recordedAt: updated,
    sourceEvent: identityOf(node),
    identifiers: identifiersOf(shipment, equipment),
    document:
      type === "SHIPMENT" ? shipment.at("documentReference", "typeCode").text(4) : undefined,
    detail: type === "IOT" ? node.at("iotDetails", "iotEventCode").text(16) : undefined,
    facility: node.at("eventLocation", "facilityTypeCode").text(4),
    load: load === "EMPTY" || load === "LADEN" ? load : undefined,
    direction: directionOf(shipment, equipment),
    place: placeOf(node.at("eventLocation")),
    callId: transport.at("transportCall", "transportCallReference").text(100),
    delayCodes: transport
      .at("delayReasonCodes")
      .items()
      .flatMap((it) => it.text(10) ?? []),
    text:
      transport.at("changeRemark").text(250) ??
      shipment.at("reason").text(512) ??
      readingText(node),
    vehicle:
      truck.at("tractorDetails", "licensePlate").text(15) ??
      transport.at("transportCall", "vesselTransport", "vesselName").text(50),
    trailer: truck.at("trailerDetails", "licensePlate").text(15),
  };
}

/** The retraction of all versions of the event and of the delay that was read from it. */
export function addRetraction(builder: ReadingBuilder, node: JsonNode, receivedAt: string): void {
  const recordedAt = readUtc(node.at("eventUpdatedDateTime").text(40)) ?? receivedAt;
  const identity = identityOf(node);
  const named = identifiersOf(node.at("shipmentDetails"), node.at("equipmentDetails"));
  for (const target of [identity, identity + DELAY_SUFFIX]) {
    builder.add(
      defined({
        kind: "retraction" as const,
        message_path: node.path,
        // A bare retraction names no shipment; the event's own identity still says which facts.
        identifiers: named.length > 0 ? named : identifiers(["entity", identity]),
        applies_to: "every" as const,
        recorded_at: recordedAt,
        target: { source_event: target },
      }),
      "billing",
      identity,
    );
  }
}

/** Old and new references alike after a booking was split or a document issued anew. */
function identifiersOf(shipment: JsonNode, equipment: JsonNode) {
  const documents = [
    shipment.at("documentReference"),
    ...shipment.at("additionalDocumentReferences").items(),
    ...replacements(shipment.at("documentReferenceReplacements")),
  ];
  const references = [
    ...shipment.at("shipmentReferences").items(),
    ...replacements(shipment.at("shipmentReferenceReplacements")),
  ];
  return identifiers(
    ...documents.flatMap((it) =>
      documentIdentifiers(it.at("typeCode").text(4), it.at("reference").text(100)),
    ),
    ["container", equipment.at("equipmentReference").text(15)],
    ...references.flatMap((it) =>
      referenceIdentifiers(it.at("typeCode").text(4), it.at("reference").text(100)),
    ),
    ...equipment
      .at("seals")
      .items()
      .map((it) => ["seal", it.at("number").text(32)] as const),
  );
}

function replacements(list: JsonNode): JsonNode[] {
  return list
    .items()
    .flatMap((it) => [...it.at("oldReferences").items(), ...it.at("newReferences").items()]);
}

function directionOf(shipment: JsonNode, equipment: JsonNode): Direction | undefined {
  const movement = equipment.at("movementType").text(16);
  if (movement !== undefined && DIRECTIONS.has(movement)) return movement as Direction;
  const location = shipment.at("shipmentLocationType").text(4);
  if (location === undefined || !Object.hasOwn(LOCATION_DIRECTIONS, location)) return undefined;
  return LOCATION_DIRECTIONS[location];
}

function placeOf(location: JsonNode): Place | undefined {
  const address = location.at("address");
  const lines = address
    .at("addressLines")
    .items()
    .flatMap((it) => it.text(250) ?? []);
  return makePlace({
    name:
      location.at("locationName").text(100) ?? location.at("facility", "facilityName").text(100),
    street:
      [address.at("street").text(70), address.at("streetNumber").text(50)]
        .filter((part) => part !== undefined)
        .join(" ") ||
      lines.join(", ") ||
      undefined,
    postalCode: address.at("postCode").text(32),
    city: address.at("city").text(35),
    country: address.at("countryCode").text(4),
    unlocode: location.at("UNLocationCode").text(5),
    latitude: location.at("geoCoordinate", "latitude").number(),
    longitude: location.at("geoCoordinate", "longitude").number(),
  });
}

/** What a cooling unit said, for people: `setpoint -18.5, ambient 22.3 CEL`. */
function readingText(node: JsonNode): string | undefined {
  const reefer = node.at("reeferDetails");
  const parts = [
    ["setpoint", reefer.at("internalSetpointTemperature").number()],
    ["ambient", reefer.at("ambientMeasuredTemperature").number()],
  ].filter(([, value]) => value !== undefined);
  if (parts.length === 0) return undefined;
  const unit = reefer.at("temperatureUnit").text(8) ?? "";
  return `${parts.map(([name, value]) => `${name} ${value}`).join(", ")} ${unit}`.trim();
}
