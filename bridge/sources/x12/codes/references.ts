/**
 * Which identifiers X12 reference qualifiers (element 128, release 004010) stand for.
 *
 * L11 is value*qualifier, N9 is qualifier*value; both come with spaces and empty.
 */
import { lookup } from "./lookup.ts";
import type { IdentifierType } from "../../../canonical/identifiers.ts";

type Named = readonly [IdentifierType, string | undefined];

const QUALIFIERS: Readonly<Record<string, readonly IdentifierType[]>> = {
  BM: ["bol"],
  OB: ["mbol"],
  CN: ["pro"],
  // Our own people gave the shipper's numbers: Milepost's shipment number is one of them.
  SI: ["shipment", "shipment_id"],
  BN: ["booking"],
  OC: ["container"],
  SN: ["seal"],
  PO: ["po"],
  CO: ["customer_ref"],
  CR: ["customer_ref"],
  DO: ["delivery_order"],
  "2I": ["tracking"],
  "08": ["tracking"],
  "97": ["tracking"],
};

const AIR_WAYBILL = /^\d{3}-?\d{8}$/;
/** ISO 6346: owner, U, J or Z, six digits, a check digit; with or without gaps. */
const CONTAINER = /^[A-Z]{3}[UJZ][\s-]*\d{6}[\s-]*\d?$/;
const UPS_TRACKING = /^1Z[0-9A-Z]{16}$/;

/** Identifiers that a reference stands for; none for qualifiers that name no shipment. */
export function identifiersOf(qualifier: string | undefined, value: string | undefined): Named[] {
  if (qualifier === undefined || value === undefined) return [];
  if (qualifier === "MB") return masterBill(value);
  // Equipment is a container or a trailer, and a trailer carries one shipment after the other.
  if (qualifier === "EQ") return CONTAINER.test(value) ? [["container", value]] : [];
  if (qualifier === "AW") return [[AIR_WAYBILL.test(value) ? "mawb" : "hawb", value]];
  if (qualifier === "CN" && UPS_TRACKING.test(value)) return [["tracking", value]];
  return (lookup(QUALIFIERS, qualifier) ?? []).map((type) => [type, value] as const);
}

/** Eleven digits without a dash may be either; which one it is shows with the shipment. */
function masterBill(value: string): Named[] {
  if (!AIR_WAYBILL.test(value)) return [["mbol", value]];
  return value.includes("-")
    ? [["mawb", value]]
    : [
        ["mbol", value],
        ["mawb", value],
      ];
}

/** The number by which we named the shipment to the carrier (B10-02, B204, B102, B303). */
export function shipmentNumber(value: string | undefined): Named[] {
  return [
    ["shipment", value],
    ["shipment_id", value],
  ];
}
