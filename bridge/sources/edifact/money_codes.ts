/**
 * What a charge is (7161) and what an amount is (5025), by the lists of D.96A and D.07B, with which
 * both tables were compared.
 */
import type { ChargeType } from "../../canonical/codes.ts";
import { chargeTypeOf as ofX12, isKnownCharge } from "../shared/x12_codes/charges.ts";

/** 7161; carriers write codes of X12 element 150 there too, which are looked up where it has none. */
const CHARGES: ReadonlyArray<readonly [ChargeType, string]> = [
  // Freight, carriage, air, ocean, inland, cartage, deficit and vendor freight, transportation.
  ["linehaul", "FC ABO ABP ACX ADD CAB DAA RV TT TV VAA"],
  // Energy surcharge; FS is of no list, but in use.
  ["fuel", "AAK FS"],
  ["storage_demurrage", "DM WH ABA"],
  ["hazmat", "HZ"],
  // Customs duty, bond and other, airport fees; TO is of no list, but in use.
  ["toll_border_customs", "ABV ABW ADG AAY ABJ TO"],
  ["tax", "TX TS LS ST ADF"],
  ["discount", "DI TD CAC CL FA FAB PAE QD RAA ABQ ABZ RAG RAH SF TAE VAB VL EAA EAB"],
  ["redelivery_reconsignment", "RE RD"],
  ["inside", "ID"],
  ["stop_off", "YY"],
  ["lumper", "DAD"],
  // Known, without a type of their own: insurance, handling, collection, pallets, cancellation …
  ["misc", "IN HD CK CAA ABK AAT ADE ADT DL EP HH MAC PL PN SAA SC SH"],
];
const CHARGE_OF = new Map(
  CHARGES.flatMap(([type, codes]) => codes.split(" ").map((code) => [code, type] as const)),
);

/** The type of a charge; `misc` when its code is not known. */
export function chargeTypeOf(code: string): { type: ChargeType; known: boolean } {
  const type = CHARGE_OF.get(code);
  if (type !== undefined) return { type, known: true };
  return { type: ofX12(code), known: isKnownCharge(code) };
}

/**
 * Amount of a line, the most binding first: 203 is the item's amount with its allowances and
 * charges, 38 and 77 the invoiced amount of the item, 66 the goods alone.
 */
export const LINE_AMOUNTS = ["203", "38", "77", "66"] as const;
/** Amounts that hold the line's allowances and charges. */
export const WITH_CHARGES = new Set(["203", "38", "77"]);

/** Amount of one charge or allowance: either, charge, allowance, and the total of such. */
export const CHARGE_AMOUNTS = ["8", "23", "204", "131"] as const;
/** Totals of charges and allowances: they repeat what was itemised. */
export const CHARGE_TOTALS = new Set(["131", "259", "260"]);

/** Amount of one tax, one duty. */
export const TAX_AMOUNTS = ["124", "150", "161", "120", "55"] as const;
/** The taxes of the whole message, of which the others are parts. */
export const TAX_TOTAL = "176";

/** What the invoice comes to: invoice amount, invoice total, message total, total. */
export const TOTALS = ["77", "39", "86", "128"] as const;
/** What is still to be paid of it, and what was paid before. */
export const PAYABLE = "9";
export const PREPAID = ["113", "177"] as const;
/** The lines alone, without charges and taxes. */
export const LINES_TOTAL = "79";

/** Bases, prices, informative amounts: nothing that adds to the invoice. */
export const INFORMATIVE: ReadonlySet<string> = new Set(
  "13 25 56 64 125 129 136 138 146 160 168 169 175 258 261 289 402".split(" "),
);
