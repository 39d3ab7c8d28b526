/**
 * The checks that a DCSA message must pass.
 *
 * They follow the OpenAPI of each version where a breach would make the event wrong (identity,
 * times, classifier, places) and stay open where versions and carriers differ (codes that are
 * not listed yet, members that are not read).
 */
import { z } from "zod";
import { isUnLocode } from "../shared/reading/countries.ts";

/** RFC 3339 with an offset: without one, the moment is not known. */
const dateTime = z.iso.datetime({
  offset: true,
  error: "must be an RFC 3339 date-time with offset",
});
const code = z.string().regex(/^[A-Z]{3,4}$/, "must be a code of 3 or 4 capital letters");
const short = (max: number) => z.string().max(max);
const unLocode = z.string().refine(isUnLocode, "must be a UN/LOCODE of an assigned country");
const load = z.enum(["EMPTY", "LADEN"]);
const classifier = z.enum(["ACT", "PLN", "EST"]);

const locationV2 = z.looseObject({ UNLocationCode: unLocode.nullish() });
const transportCallV2 = z.looseObject({
  transportCallID: short(100).nullish(),
  UNLocationCode: unLocode.nullish(),
  facilityTypeCode: code.nullish(),
  location: locationV2.nullish(),
});
const documentReferenceV2 = z.looseObject({
  documentReferenceType: z.string().nullish(),
  documentReferenceValue: z.string().nullish(),
});
const referenceV2 = z.looseObject({
  referenceType: z.string().nullish(),
  referenceValue: z.string().nullish(),
});

const eventV2 = {
  /** UUID; the standard does not require it, and nothing here rests on it alone. */
  eventID: z.guid("must be a UUID").nullish(),
  eventCreatedDateTime: dateTime,
  eventDateTime: dateTime,
  eventClassifierCode: classifier,
  references: z.array(referenceV2).nullish(),
  documentReferences: z.array(documentReferenceV2).nullish(),
};

export const v2 = z.discriminatedUnion("eventType", [
  z.looseObject({
    ...eventV2,
    eventType: z.literal("SHIPMENT"),
    shipmentEventTypeCode: code,
    documentID: z.string().min(1).max(100),
    documentTypeCode: code,
  }),
  z.looseObject({
    ...eventV2,
    eventType: z.literal("TRANSPORT"),
    transportEventTypeCode: code,
    transportCall: transportCallV2,
    delayReasonCode: short(10).nullish(),
  }),
  z.looseObject({
    ...eventV2,
    eventType: z.literal("EQUIPMENT"),
    equipmentEventTypeCode: code,
    equipmentReference: short(15).nullish(),
    emptyIndicatorCode: load.nullish(),
    eventLocation: locationV2.nullish(),
    transportCall: transportCallV2.nullish(),
  }),
]);

const party = z.looseObject({
  partyCode: z.string().min(1).max(150),
  codeListProvider: short(100).nullish(),
  codeListName: short(100).nullish(),
});
const documentReferenceV3 = z.looseObject({ typeCode: z.string(), reference: short(100) });

const identityV3 = {
  eventRouting: z.looseObject({ originatingParty: party }),
  eventID: z.string().min(1).max(500),
};

/** With `isRetracted` everything but the identity is irrelevant. */
export const retractionV3 = z.looseObject({
  ...identityV3,
  isRetracted: z.literal(true),
  eventUpdatedDateTime: dateTime.nullish(),
});

export const v3 = z.looseObject({
  ...identityV3,
  isRetracted: z.literal(false).nullish(),
  eventDateTime: dateTime,
  eventUpdatedDateTime: dateTime,
  eventClassification: z.discriminatedUnion("eventTypeCode", [
    z.looseObject({
      eventTypeCode: z.literal("SHIPMENT"),
      eventClassifierCode: classifier,
      shipmentEventTypeCode: code,
    }),
    z.looseObject({
      eventTypeCode: z.literal("TRANSPORT"),
      eventClassifierCode: classifier,
      transportEventTypeCode: code,
    }),
    z.looseObject({
      eventTypeCode: z.literal("EQUIPMENT"),
      eventClassifierCode: classifier,
      equipmentEventTypeCode: code,
    }),
    z.looseObject({
      eventTypeCode: z.literal("IOT"),
      eventClassifierCode: classifier,
      iotEventTypeCode: code,
    }),
    z.looseObject({
      eventTypeCode: z.literal("REEFER"),
      eventClassifierCode: classifier,
      reeferEventTypeCode: code,
    }),
  ]),
  eventLocation: z
    .looseObject({ UNLocationCode: unLocode.nullish(), facilityTypeCode: code.nullish() })
    .nullish(),
  shipmentDetails: z
    .looseObject({
      documentReference: documentReferenceV3.nullish(),
      additionalDocumentReferences: z.array(documentReferenceV3).nullish(),
      shipmentReferences: z.array(documentReferenceV3).nullish(),
    })
    .nullish(),
  equipmentDetails: z
    .looseObject({ equipmentReference: short(15).nullish(), emptyIndicatorCode: load.nullish() })
    .nullish(),
  transportDetails: z.looseObject({ delayReasonCodes: z.array(short(10)).nullish() }).nullish(),
});
