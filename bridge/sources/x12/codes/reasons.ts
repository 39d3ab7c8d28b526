/**
 * Reasons: X12 element 1651 (AT702, AT704) and lading exceptions (element 33, Q701).
 *
 * 1651 was compared with the lists of releases 004010 (codes and names), 004050, 005010 and 005040
 * (codes); CS, MQ, MS, NF, SN, SR, UC and UD are in none of them. 33 with 004010; "0" is not in it,
 * but in use. What is in the list and not here (such as AP, awaiting export) is `other`, its code
 * stays beside it.
 */
import type { ExceptionReason, QuantityOutcome } from "../../../canonical/codes.ts";

const CODES: Readonly<Record<ExceptionReason, string>> = {
  weather: "AO BE",
  mechanical: "AI T1 T2 T3 T4 T5 T6",
  accident: "AF BR",
  carrier_operations: "A1 AA AH AJ AL AV AW AY AZ BF BI BM BO D1 D2 P1 P4 MQ MS",
  shipper_not_ready: "AM AX BB BN BQ CB CC P3 CS NF SN",
  consignee_unavailable: "AG AN AQ B1 B5 B8 C1 C4",
  appointment_constraint: "AD B9 BH BJ BK C3 HB T7 SR",
  address: "A2 A5 A6 RC UC UD",
  refused: "BS AE",
  damage: "AK BP",
  shortage_overage: "S1",
  customs_border: "AR AS AT BD CA F1 F2 P2",
  documents_payment: "BC B4 C2 C8 C9 C6",
  labor_civil: "AU C5",
  other: "BG",
};

const REASONS = new Map(
  Object.entries(CODES).flatMap(([reason, codes]) =>
    codes.split(" ").map((code) => [code, reason as ExceptionReason] as const),
  ),
);

/** Normal status and normal appointment: no exception. */
const NORMAL = new Set(["NS", "NA"]);

export interface Reason {
  code: ExceptionReason;
  raw: string;
}

/** The reason, `other` when it is not in the table; nothing for "normal". */
export function reasonOf(code: string | undefined): Reason | undefined {
  if (code === undefined || NORMAL.has(code)) return undefined;
  return { code: REASONS.get(code) ?? "other", raw: code.slice(0, 128) };
}

export interface LadingException {
  reason: ExceptionReason;
  outcome?: QuantityOutcome;
  /** What is missing makes a delivery a partial one. */
  partial?: boolean;
  damaged?: boolean;
}

export const LADING_EXCEPTIONS: Readonly<Record<string, LadingException>> = {
  A: { reason: "shortage_overage", outcome: "short", partial: true },
  P: { reason: "shortage_overage", outcome: "short", partial: true },
  "0": { reason: "shortage_overage", outcome: "short", partial: true },
  O: { reason: "shortage_overage", outcome: "over" },
  W: { reason: "shortage_overage" },
  D: { reason: "damage", outcome: "accepted_damaged", damaged: true },
  E: { reason: "refused", outcome: "refused", partial: true },
};
