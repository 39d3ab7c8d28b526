/** What codes are called. The server's own selections are the one place for names and languages. */
import type { FieldDescription } from "@web/services";
import { _t } from "../translation.ts";

export interface Labels {
  state(code: string): string;
  milestone(code: string): string;
  reason(code: string): string;
  condition(code: string): string;
}

/** The fields of milepost.shipment whose selections name the codes. */
export const LABELLED_FIELDS = ["state", "current_milestone", "exception_reason"];

/** Reads the names from the descriptions of LABELLED_FIELDS; an unknown code names itself. */
export function labelsOf(fields: Record<string, FieldDescription>): Labels {
  const names = (field: string) => new Map(fields[field]?.selection ?? []);
  const states = names("state");
  const milestones = names("current_milestone");
  const reasons = names("exception_reason");
  const conditions = new Map([
    ["damaged", _t("Damaged")],
    ["lost", _t("Lost")],
    ["pod_available", _t("Proof of delivery available")],
    ["departed_delivery", _t("Departed from delivery")],
  ]);
  return {
    state: (code) => states.get(code) ?? code,
    milestone: (code) => milestones.get(code) ?? conditions.get(code) ?? code,
    reason: (code) => reasons.get(code) ?? code,
    condition: (code) => conditions.get(code) ?? code,
  };
}
