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

/** What separates the groups of an identifier for the eye. */
const SEPARATORS = /[\s./()-]+/g;

/**
 * The one way to write an identifier, so that two partners' ways of writing it match: containers
 * by ISO 6346 (`MSKU1234565`), master air waybills by IATA resolution 600a (`020-12345675`), SSCC
 * as the 18 digits of GS1's General Specifications 3.3.1, PRO numbers of digits without separators
 * (but for the `-01` of a further bill), UPS, postal and numeric parcel numbers without gaps. A
 * text of another form stays as it is: it is somebody's own number.
 */
export function canonicalIdentifier(type: IdentifierType, value: string): string {
  const plain = value.replace(SEPARATORS, "").toUpperCase();
  switch (type) {
    case "container":
      return containerNumber(plain) ?? value;
    case "mawb":
      return /^\d{11}$/.test(plain) ? `${plain.slice(0, 3)}-${plain.slice(3)}` : value;
    case "sscc":
      return /^(00)?(\d{18})$/.exec(plain)?.[2] ?? value;
    case "pro":
      return proNumber(value) ?? value;
    case "tracking":
      return /^(1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2}|\d{8,34})$/.test(plain) ? plain : value;
    case "scac":
      return /^[A-Z]{2,4}$/.test(plain) ? plain : value;
    default:
      return value;
  }
}

/** Owner, category and six digits with the check digit, which some leave out and some send twice. */
function containerNumber(plain: string): string | undefined {
  const [, serial, check, again] = /^([A-Z]{3}[UJZ]\d{6})(\d?)(\d?)$/.exec(plain) ?? [];
  if (serial === undefined || check === undefined) return undefined;
  // Chassis and trailers (J, Z) are numbered this way too, but not all with a check digit.
  if (check === "") return serial[3] === "U" ? serial + containerCheckDigit(serial) : serial;
  return again === "" || again === check ? serial + check : undefined;
}

/** ISO 6346, annex A: the check digit of owner, category and serial number (`MSKU123456`). */
export function containerCheckDigit(serial: string): string {
  let sum = 0;
  for (const [position, sign] of [...serial].entries()) {
    const order = sign.charCodeAt(0) - 65;
    // A is 10; multiples of 11 are left out, so that B is 12, L 23 and V 34.
    const weight = order < 0 ? Number(sign) : order + 10 + Math.floor((order + 9) / 10);
    sum += weight * 2 ** position;
  }
  return String((sum % 11) % 10);
}

function proNumber(value: string): string | undefined {
  const [, digits, further] = /^([\d][\d\s-]*?)(-\d\d)?$/.exec(value.trim()) ?? [];
  const plain = digits?.replace(SEPARATORS, "") ?? "";
  return plain.length < 7 ? undefined : plain + (further ?? "");
}
