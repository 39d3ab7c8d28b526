/**
 * Which canonical charge type a special charge code of X12 is (element 150: L108 and L902 of a 210;
 * EDIFACT carriers write them into an ALC, too).
 *
 * Compared with the list of release 004010 (codes and names), later ones with 004050, 005010 and
 * 005040 (codes). HST and PTX are in none of them, carriers in Canada send them.
 */
import type { ChargeType } from "../../../canonical/codes.ts";

const CODES: Readonly<Partial<Record<ChargeType, string>>> = {
  linehaul: "400 LHS 490 AIR AIC 080 450 COF DLH LFD LTE LPD TCM AMC MIN FCD",
  fuel: "FUE 405 ENS BSC BUA BU2 BU4",
  detention: "DTL DTU DET DTN DTO DTQ DTR DEP DTV TDT DPU DWP DEW DTB DSF DBD PVD RMD SDC WTG WTM",
  layover: "LAY LYC",
  stop_off: "SOC SOP STD STP STQ SAM SPU SDL VSO PVS",
  // LFC lifts a container in intermodal traffic; it is no liftgate.
  liftgate: "LFT",
  inside: "IDL IPU",
  residential: "RES REP",
  appointment_notify: "APT NFY MNC NCH",
  lumper: "UNL UND LOA",
  redelivery_reconsignment: "RCL ATD RDC RCC RCD DIV DIC DOV DTA 160",
  storage_demurrage: "SRG STR DEM DEA DES TST ISO IST SVS HZS",
  hazmat: "HAZ HZC HZD HMA HMI DGS 420 425",
  toll_border_customs:
    "IHT BRD BCF BAB CUS CSE CSF CFC CFL CTX DTD ESD 145 240 245 250 315 360 555",
  tax:
    "GST HST PTX TAX TAY TAD TTL TTM TTS SST SSX LLS PPT CBX UUT FAB AAT CGT MMT REG SAI SHS LUS " +
    "SAG GRS 090 095 335 340 750",
  discount: "DSC 270 275 280 285 290 295 VAB CAC CUD EEB GRD PAI QQD TAL TTD",
  misc: "MSC SAC GSS TOA",
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

/** TOA, total of the accessorial charges: it may stand beside the charges that it adds up. */
export const ACCESSORIAL_TOTAL = "TOA";
