/** Which canonical charge type an X12 special charge code (element 150, L108) is. */
import type { ChargeType } from "../../../canonical/codes.ts";

const CODES: Readonly<Partial<Record<ChargeType, string>>> = {
  linehaul: "400 LHS 490 AIR",
  fuel: "FUE 405 ENS",
  detention: "DTL DTU DET DTN DTO DTQ DTR DEP DTV TDT WTG",
  layover: "LAY LYC",
  stop_off: "SOC STD STQ SPU SDL",
  // LFC lifts a container in intermodal traffic; it is no liftgate.
  liftgate: "LFT",
  inside: "IDL IPU",
  residential: "RES REP",
  appointment_notify: "APT NFY MNC",
  lumper: "UNL UND",
  redelivery_reconsignment: "RCL ATD RDC RCC DIV",
  storage_demurrage: "SRG STR DEM",
  hazmat: "HAZ HZC 420 425",
  toll_border_customs: "IHT BRD BCF CUS CSE 240",
  tax: "GST HST TAX 750 PTX",
  discount: "DSC 275 295 VAB",
  misc: "MSC SAC GSS",
};

const TYPES = new Map(
  Object.entries(CODES).flatMap(([type, codes]) =>
    codes.split(" ").map((code) => [code, type as ChargeType] as const),
  ),
);

/** The type of a charge. Railways leave the code of their linehaul out; unknown codes are `misc`. */
export function chargeTypeOf(code: string | undefined): ChargeType {
  return code === undefined ? "linehaul" : (TYPES.get(code) ?? "misc");
}

/** Whether the table knows the code; others keep their meaning for Odoo's code maps only. */
export function isKnownCharge(code: string | undefined): boolean {
  return code === undefined || TYPES.has(code);
}
