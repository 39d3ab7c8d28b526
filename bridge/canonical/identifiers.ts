/** How a message names the shipment that it speaks of. */
import { z } from "zod";
import { text } from "./values.ts";

/**
 * Kinds of identifier, in the order in which Odoo tries them; what one leaves open the later narrow.
 *
 * `entity` is the sender's own id (an OTM UUID, a DCSA transport document reference): it is unique within one
 * connection only. `shipment` is Milepost's shipment number. The others are X12 element 128 and
 * EDIFACT 1153 qualifiers under one name.
 */
export const IDENTIFIER_TYPES = [
  "entity",
  "shipment",
  "shipment_id",
  "pro",
  "bol",
  "mbol",
  "booking",
  "container",
  "tracking",
  "sscc",
  "mawb",
  "hawb",
  "delivery_order",
  "customer_ref",
  "po",
  "seal",
  "scac",
] as const;

export const identifierType = z.enum(IDENTIFIER_TYPES);

export const identifier = z.strictObject({
  type: identifierType,
  value: text(128),
});

export type IdentifierType = z.infer<typeof identifierType>;
export type Identifier = z.infer<typeof identifier>;
