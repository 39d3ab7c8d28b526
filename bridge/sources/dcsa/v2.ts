/**
 * Reading events of Track & Trace 2.2 and 2.3.
 *
 * 2.x has neither versions nor retraction: a correction comes as a new event with a new eventID.
 * So events supersede each other by what they are about: equipment or document, type code,
 * transport call (the place, when there is no call) and classifier; the latest creation counts.
 */
import type { Classifier } from "../../canonical/codes.ts";
import type { Place } from "../../canonical/values.ts";
import { readInstant } from "../shared/reading/instants.ts";
import type { JsonNode } from "../shared/json/node.ts";
import { makePlace } from "../shared/reading/places.ts";
import { identifiers } from "../shared/reading/reading.ts";
import type { EventType } from "./codes.ts";
import { type DcsaEvent, sourceEventOf } from "./event.ts";
import { documentIdentifiers, referenceIdentifiers } from "./references.ts";

export const CLASSIFIERS: Readonly<Record<string, Classifier>> = {
  ACT: "actual",
  EST: "estimated",
  PLN: "planned",
};

const TYPE_CODES = {
  SHIPMENT: "shipmentEventTypeCode",
  TRANSPORT: "transportEventTypeCode",
  EQUIPMENT: "equipmentEventTypeCode",
} as const;

/** Reads an event that passed the schema; nothing when a time is beyond the calendar after all. */
export function readV2(node: JsonNode): DcsaEvent | undefined {
  const type = node.at("eventType").value as keyof typeof TYPE_CODES;
  const code = node.at(TYPE_CODES[type]).text(4);
  const occurred = readInstant(node.at("eventDateTime").text(40) ?? "", { zone: "UTC" }).instant;
  const created = readInstant(node.at("eventCreatedDateTime").text(40) ?? "", {
    zone: "UTC",
  }).instant;
  if (code === undefined || occurred === undefined || created === undefined) return undefined;
  const call = node.at("transportCall");
  const location = node.at("eventLocation");
  const document = node.at("documentTypeCode").text(4);
  const load = node.at("emptyIndicatorCode").value;
  const event: Omit<DcsaEvent, "sourceEvent"> = {
    path: node.path,
    type,
    code,
    classifier: CLASSIFIERS[node.at("eventClassifierCode").text(3) ?? ""] ?? "actual",
    occurred,
    recordedAt: created.at,
    identifiers: identifiersOf(node, document),
    document,
    facility: call.at("facilityTypeCode").text(4) ?? location.at("facilityTypeCode").text(4),
    load: load === "EMPTY" || load === "LADEN" ? load : undefined,
    place: placeOf(location, call),
    callId: call.at("transportCallID").text(100) ?? node.at("transportCallID").text(100),
    delayCodes: [node.at("delayReasonCode").text(10)].filter((it) => it !== undefined),
    vehicle: call.at("vessel", "vesselName").text(50),
    text: node.firstText(["changeRemark", "vesselScheduleChangeRemark", "reason"], 512),
  };
  return { ...event, sourceEvent: subjectOf(node, type, event) };
}

function subjectOf(node: JsonNode, type: EventType, event: Omit<DcsaEvent, "sourceEvent">): string {
  const subject =
    node.at("equipmentReference").text(15) ??
    node.at("documentID").text(100) ??
    event.identifiers
      .filter((it) => it.type === "container" || it.type === "bol" || it.type === "booking")
      .map((it) => it.value)
      .sort()
      .join(",");
  const call = event.callId ?? event.place?.unlocode ?? event.place?.name;
  return sourceEventOf(["2", type, subject, event.document, event.code, call, event.classifier]);
}

function identifiersOf(node: JsonNode, document: string | undefined) {
  const documents = node.at("documentReferences").items();
  const references = node.at("references").items();
  return identifiers(
    ...documentIdentifiers(document, node.at("documentID").text(100)),
    ...documents.flatMap((it) =>
      documentIdentifiers(
        it.at("documentReferenceType").text(4),
        it.at("documentReferenceValue").text(100),
      ),
    ),
    ["container", node.at("equipmentReference").text(15)],
    ...references.flatMap((it) =>
      referenceIdentifiers(it.at("referenceType").text(4), it.at("referenceValue").text(100)),
    ),
    ...node
      .at("seals")
      .items()
      .map((it) => ["seal", it.at("sealNumber").text(32)] as const),
  );
}

/** Equipment events have a place of their own; the others take the transport call's. */
function placeOf(location: JsonNode, call: JsonNode): Place | undefined {
  const where = location.isObject ? location : call.at("location");
  const address = where.at("address");
  return makePlace({
    name:
      where.at("locationName").text(100) ??
      call.at("otherFacility").text(100) ??
      where.at("facilityCode").text(20) ??
      call.at("facilityCode").text(20),
    street:
      [address.at("street").text(100), address.at("streetNumber").text(50)]
        .filter((part) => part !== undefined)
        .join(" ") || undefined,
    postalCode: address.at("postCode").text(32),
    city: address.at("city").text(65),
    country: address.at("country").text(75),
    unlocode: where.at("UNLocationCode").text(5) ?? call.at("UNLocationCode").text(5),
    latitude: where.at("latitude").number(),
    longitude: where.at("longitude").number(),
  });
}
