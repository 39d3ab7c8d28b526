/** What a parcel carrier's status means in the canonical model; the tables lie with each source. */
import type { Condition, ExceptionReason, MilestoneCode } from "../../../canonical/codes.ts";

/** Without code and conditions: known, but not a step of the transport; kept as unmapped. */
export interface ParcelMeaning {
  code?: MilestoneCode;
  conditions?: readonly Condition[];
  reason?: ExceptionReason;
}

export type ParcelCodes = Readonly<Record<string, ParcelMeaning>>;

/** Own members only, so that `constructor` is no status. */
export function meaningOf(codes: ParcelCodes, raw: string | undefined): ParcelMeaning | undefined {
  return raw !== undefined && Object.hasOwn(codes, raw) ? codes[raw] : undefined;
}

/**
 * What carriers write in place of a signer when nobody signed. Such a text proves nothing, so no
 * proof of delivery is made of it; it stays with the delivered milestone.
 */
const NOBODY =
  /^(no signature|none|n\/?a|unknown|not signed|no signer|sign(ature)?\b.*\b(not (required|requested|obtained|captured)|waived|released|exempt|on file|unavailable)|.*\bno signature (required|needed|requested|captured)\b.*|driver release|left (at|with)\b.*|front door|back door|side door|porch|mail ?box|parcel locker|garage|met customer|-+|\.+)$/i;

/** Whether the text names somebody (or some company) who took the parcel. */
export function isSigner(text: string): boolean {
  return !NOBODY.test(text.trim());
}
