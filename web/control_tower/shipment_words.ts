/** What a card or a line of the list says of a shipment. */
import type { DateTime } from "luxon";
import { _t } from "../translation.ts";
import type { OdooInstant } from "../components/odoo_values.ts";
import type { ColumnKey, ShipmentRow } from "./board_data.ts";
import type { Labels } from "./labels.ts";
import { ageText, instant } from "../components/moments.ts";
import { plainText } from "../components/plain_text.ts";

export interface Arrival {
  /** What the instant is: a plan, a forecast or what happened. */
  label: string;
  at: OdooInstant;
  /** Whether lateness against the plan can be told. */
  isMeasured: boolean;
}

export function route(row: ShipmentRow): string {
  return [row.origin, row.destination].map(plainText).filter(Boolean).join(" → ");
}

/** The best that is known of the arrival: it happened, or is forecast, or was planned. */
export function arrival(row: ShipmentRow, labels: Labels): Arrival {
  const isMeasured = row.planned_delivery_at !== false;
  if (row.delivered_at !== false) {
    // Goods that were refused have arrived, but not been delivered.
    const label = row.state === "delivered" ? _t("Delivered") : labels.state(row.state);
    return { label, at: row.delivered_at, isMeasured };
  }
  if (row.arrived_delivery_at !== false) {
    return { label: _t("Arrived"), at: row.arrived_delivery_at, isMeasured };
  }
  if (row.eta !== false) return { label: _t("ETA"), at: row.eta, isMeasured };
  return { label: _t("Planned"), at: row.planned_delivery_at, isMeasured: false };
}

/** Minutes past the plan of an open shipment for which nobody gave an ETA; null when not overdue. */
export function overdueMinutes(row: ShipmentRow, now: DateTime): number | null {
  const planned = instant(row.planned_delivery_at);
  if (!row.is_overdue || row.eta !== false || planned === null) return null;
  return now.diff(planned, "minutes").minutes;
}

/** The last step that happened, or the state while nothing has. */
export function lastStep(row: ShipmentRow, labels: Labels): string {
  return row.current_milestone === false
    ? labels.state(row.state)
    : labels.milestone(row.current_milestone);
}

/** Why the shipment stands in a column that asks for action, for example `Customs Hold · Border · 3 h`. */
export function trouble(
  row: ShipmentRow,
  column: ColumnKey,
  labels: Labels,
  now: DateTime,
): string {
  if (column === "exception" && row.exception_code !== false) {
    const reason = row.exception_reason === false ? "" : labels.reason(row.exception_reason);
    const what = labels.milestone(row.exception_code);
    const parts = [what, reason === what ? "" : reason, ageText(row.exception_since, now)];
    // Lines break between the parts, not inside of one.
    const solid = parts.filter((part) => part !== "").map((part) => part.replaceAll(" ", "\u00a0"));
    return solid.join(" · ");
  }
  if (column === "silent") {
    return row.last_heard_at === false
      ? _t("Nothing heard so far")
      : _t("Nothing heard for %s", ageText(row.last_heard_at, now));
  }
  return "";
}

/** What helps where a column asks for action and nobody deals with it yet. */
export function nextStep({ issue }: ShipmentRow, column: ColumnKey): string {
  const asks = column === "exception" || column === "late" || column === "silent";
  return asks && issue && issue.next_step ? plainText(issue.next_step) : "";
}

/** Whether the exception is the last thing that happened. */
export function isTroubleLastStep(row: ShipmentRow): boolean {
  return row.exception_code !== false && row.exception_code === row.current_milestone;
}
