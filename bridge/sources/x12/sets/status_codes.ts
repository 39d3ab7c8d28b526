/** What the codes of one AT7 mean for this partner. */
import { lookup } from "../codes/lookup.ts";
import { reasonOf, type Reason } from "../codes/reasons.ts";
import { APPOINTMENT, STATUS } from "../codes/status.ts";
import type { StatusMeaning } from "../../shared/x12_codes/meaning.ts";
import type { Party } from "../geography.ts";
import type { SetContext } from "../set_context.ts";
import type { Status } from "./details.ts";

/** One code of an AT7: the status in 01 and 02, or the appointment in 03 and 04. */
export interface StatusCode {
  status: Status;
  /** Element of the code. */
  element: 1 | 3;
  raw: string;
  code: string;
  reason: Reason | undefined;
  meaning: StatusMeaning | undefined;
}

/** The codes of an AT7. 01/02 and 03/04 are alternatives; a sender that fills both says both. */
export function readStatus(
  context: SetContext,
  status: Status,
  consignee: Party | undefined,
): StatusCode[] {
  const told: StatusCode[] = [];
  for (const element of [1, 3] as const) {
    const code = context.text(status.index, element, 8);
    if (code === undefined) continue;
    const reason = context.text(status.index, element + 1, 8);
    const raw = element === 1 ? code : `AT703/${code}`;
    const meaning =
      element === 1
        ? statusMeaning(context, status, consignee, code, reason)
        : lookup(APPOINTMENT, code);
    told.push({ status, element, raw, code, reason: reasonOf(reason), meaning });
    if (meaning !== undefined) continue;
    context.finding("warning", "unmapped_code", `no meaning is known for ${raw}`, status.index, {
      element,
    });
  }
  if (told.length === 0) {
    context.finding("error", "no_status", "an AT7 without a code", status.index, {
      element: 1,
      elementCode: "1",
    });
  }
  return told;
}

/** The table, then what the reason adds, then what this partner is configured for. */
function statusMeaning(
  context: SetContext,
  status: Status,
  consignee: Party | undefined,
  code: string,
  reason: string | undefined,
): StatusMeaning | undefined {
  const { settings } = context;
  const known = lookup(STATUS, code);
  const own = lookup(settings.status_codes, code);
  if (own === "unmapped") return undefined;
  if (own !== undefined) {
    const stop = Object.values(STATUS).find((it) => it.code === own)?.stop;
    return { code: own, ...(stop && { stop }) };
  }
  if (code === "CA" && reason === "BT") return { code: "returned" };
  if (known?.code === "delivery_attempted" && reason === "BS") return STATUS["A7"];
  if (code === "X6" && (reason === "UK" || isAtDestination(context, status, consignee))) {
    return STATUS["AJ"];
  }
  if (code === "S1" && settings.spotted_is_delivered) return STATUS["D1"];
  if (code === "CD" && settings.delivered_from_cd) return { ...known, ...STATUS["D1"] };
  return known;
}

function isAtDestination(
  context: SetContext,
  status: Status,
  consignee: Party | undefined,
): boolean {
  if (!context.settings.en_route_at_destination_is_out_for_delivery) return false;
  const city = status.position?.place?.city?.toUpperCase();
  const destination = consignee?.where.place?.city?.toUpperCase();
  return city !== undefined && city === destination;
}
