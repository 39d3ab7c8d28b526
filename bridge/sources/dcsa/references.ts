/** DCSA's document and reference types as canonical identifiers. */
import type { IdentifierType } from "../../canonical/identifiers.ts";

type Candidate = readonly [IdentifierType, string | undefined];

/**
 * A document's own number. A transport document is also the carrier's entity: its number is
 * unique within the carrier only.
 */
export function documentIdentifiers(
  type: string | undefined,
  value: string | undefined,
): Candidate[] {
  if (type === "BKG" || type === "CBR") return [["booking", value]];
  if (type === "TRD")
    return [
      ["bol", value],
      ["entity", value],
    ];
  if (type === "DEO") return [["delivery_order", value]];
  return [["entity", value]];
}

const REFERENCES: Readonly<Record<string, readonly IdentifierType[]>> = {
  EQ: ["container"],
  PO: ["po"],
  CSI: ["shipment", "shipment_id"],
  FF: ["shipment", "customer_ref"],
  SI: ["shipment", "customer_ref"],
  CR: ["shipment", "customer_ref"],
  AAO: ["customer_ref"],
  BPR: ["customer_ref"],
};

/** A reference given at booking (the forwarder's, shipper's, customer's own numbers). */
export function referenceIdentifiers(
  type: string | undefined,
  value: string | undefined,
): Candidate[] {
  const types =
    type !== undefined && Object.hasOwn(REFERENCES, type) ? REFERENCES[type] : undefined;
  return (types ?? []).map((it) => [it, value] as const);
}
