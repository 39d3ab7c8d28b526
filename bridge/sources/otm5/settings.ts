/** The connection's settings for Open Trip Model 5. */
import { z } from "zod";
import { identifierType } from "../../canonical/identifiers.ts";
import { quantityOutcome } from "../../canonical/codes.ts";
import { overlapSetting } from "../shared/json/round.ts";
import { zoneName } from "../shared/reading/instants.ts";
import { acceptVersions } from "../shared/reading/version.ts";

const attributeName = z.string().min(1).max(64);
const path = z.string().startsWith("/").max(200);

/** OTM5 defines no listing of changed entities, so its shape is each partner's own. */
const poll = z
  .strictObject({
    /** Lists to ask, one after the other. */
    paths: z
      .array(path)
      .min(1)
      .max(20)
      .default(["/api/v5/consignments", "/api/v5/trips", "/api/v5/events"]),
    /** Query parameter for "changed at or after". */
    since: attributeName.default("lastModifiedSince"),
    limit: attributeName.default("limit"),
    offset: attributeName.default("offset"),
    page_size: z.int().min(2).max(1000).default(100),
    /** The lists are sorted by lastModified, the oldest change first. */
    sorted: z.boolean().default(true),
    /** Asks again for what changed this long before the cursor, for entities committed late. */
    overlap_seconds: overlapSetting,
  })
  .prefault({});

const orders = z
  .strictObject({
    path: path.default("/api/v5/transportOrders"),
    method: z.enum(["PUT", "POST"]).default("PUT"),
    /** Header that makes a repeated order known to the partner. */
    key_header: attributeName.default("Idempotency-Key"),
    /**
     * How a changed order is told: as an updateEvent with the whole order in it, or by the order
     * sent again, to partners that replace what they know by it.
     */
    change: z.enum(["update_event", "order"]).default("update_event"),
    /** How a cancellation is told: DELETE of the order, or an updateEvent with its new status. */
    cancellation: z.enum(["delete", "update_event"]).default("delete"),
    events_path: path.default("/api/v5/events"),
  })
  .prefault({});

/** What became of the money goes out as events about the transport order. */
const outcomes = z
  .strictObject({
    path: path.default("/api/v5/events"),
    method: z.enum(["PUT", "POST"]).default("POST"),
  })
  .prefault({});

export const settings = z.strictObject({
  /** Zone of times without offset at places whose own zone is not known. */
  zone: zoneName.default("UTC"),
  /** External attributes that name the shipment, and as what. */
  identifiers: z.record(attributeName, identifierType).default({ shipmentNumber: "shipment" }),
  /** External attributes of goods that say what became of them. */
  quantities: z.partialRecord(quantityOutcome, attributeName).default({
    accepted: "acceptedQuantity",
    accepted_damaged: "damagedQuantity",
    short: "shortQuantity",
    refused: "refusedQuantity",
    over: "overQuantity",
  }),
  /** Location types where goods only change vehicles. */
  terminals: z.array(attributeName).default(["operationalBase"]),
  /** Words in a consignment document's type, name or file name that make it a proof of delivery. */
  pod_words: z
    .array(z.string().min(2).max(64))
    .default(["pod", "proof", "signature", "photo", "cmr", "waybill", "delivery"]),
  /** A completed consignment counts as delivered: for partners that send no unload actions. */
  completed_is_delivered: z.boolean().default(false),
  /** A cancelled trip cancels the shipments on it; else it is only shown. */
  cancelled_trip_cancels: z.boolean().default(true),
  /**
   * Shipments are known by their vehicle: for partners whose vehicle events name no trip. A vehicle
   * that drives for several shipments in turn then shows its positions on all of them.
   */
  vehicle_identifies: z.boolean().default(false),
  /** Values of the `API-Version` header other than 5 that are read all the same. */
  accept_versions: acceptVersions,
  poll,
  orders,
  outcomes,
});
export type Otm5Settings = z.infer<typeof settings>;
