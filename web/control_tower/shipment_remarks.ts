/**
 * What else needs an eye on a shipment. Each remark is an entry of the registry category
 * `milepost.shipment_remarks`, ordered by sequence, the gravest first; other addons add theirs.
 */
import { registry } from "@web/core/registry";
import type { ColumnKey, ShipmentRow } from "./board_data.ts";
import { _t } from "../translation.ts";

export interface Remark {
  key: string;
  icon: string;
  text: string;
  tone: "danger" | "warning" | "muted";
}

/** Gives the remark on a shipment that stands in a column, or null when there is none. */
type Remarker = (row: ShipmentRow, column: ColumnKey) => Remark | null;

const STATES_AT_REST = new Set(["delivered", "partially_delivered", "refused", "returned"]);

const remarkers = registry.category<Remarker>("milepost.shipment_remarks");

/** What else needs an eye, the gravest first. */
export function remarks(row: ShipmentRow, column: ColumnKey): Remark[] {
  const found = remarkers.getAll().map((remarker) => remarker(row, column));
  return found.filter((remark) => remark !== null);
}

/** What stands there as the exception needs no remark beside it. */
function isSaid(row: ShipmentRow, column: ColumnKey, code: string): boolean {
  return column === "exception" && row.exception_code === code;
}

function lost(row: ShipmentRow, column: ColumnKey): Remark | null {
  return row.is_lost && !isSaid(row, column, "lost")
    ? { key: "lost", icon: "fa-question-circle", text: _t("Lost"), tone: "danger" }
    : null;
}

function damaged(row: ShipmentRow, column: ColumnKey): Remark | null {
  return row.is_damaged && !isSaid(row, column, "damaged")
    ? { key: "damaged", icon: "fa-chain-broken", text: _t("Damaged"), tone: "danger" }
    : null;
}

function silent(row: ShipmentRow, column: ColumnKey): Remark | null {
  return row.is_silent && column !== "silent"
    ? { key: "silent", icon: "fa-volume-off", text: _t("Silent"), tone: "warning" }
    : null;
}

/** A step of the future is not believed: until it is corrected nobody knows where the goods are. */
function ahead(row: ShipmentRow): Remark | null {
  return row.is_ahead
    ? { key: "ahead", icon: "fa-clock-o", text: _t("Told ahead of time"), tone: "warning" }
    : null;
}

function attempts(row: ShipmentRow, column: ColumnKey): Remark | null {
  const count = row.attempt_count;
  if (count <= (isSaid(row, column, "delivery_attempted") ? 1 : 0)) return null;
  const text = count === 1 ? _t("1 attempt") : _t("%s attempts", count);
  return { key: "attempts", icon: "fa-repeat", text, tone: "warning" };
}

function proof(row: ShipmentRow): Remark | null {
  return STATES_AT_REST.has(row.state) && !row.has_pod
    ? { key: "pod", icon: "fa-file-o", text: _t("No POD"), tone: "warning" }
    : null;
}

function unmapped(row: ShipmentRow): Remark | null {
  return row.unmapped_count > 0
    ? { key: "unmapped", icon: "fa-question", text: _t("Unknown code"), tone: "muted" }
    : null;
}

/** Whose it is, and whether it is dealt with; what nobody owns is told by saying nothing. */
function owner({ issue }: ShipmentRow): Remark | null {
  if (!issue) return null;
  const whose = issue.is_mine ? _t("Mine") : issue.owner || "";
  if (issue.is_due && issue.state === "open") {
    const text = whose === "" ? _t("Overdue") : _t("Overdue · %s", whose);
    return { key: "owner", icon: "fa-bell", text, tone: "danger" };
  }
  const looks = {
    open: { icon: "fa-user", text: whose },
    acknowledged: { icon: "fa-check", text: _t("Acknowledged · %s", whose) },
    snoozed: { icon: "fa-moon-o", text: _t("Snoozed · %s", whose) },
  };
  const look = looks[issue.state];
  return look.text === "" ? null : { key: "owner", ...look, tone: "muted" };
}

// The steps leave room for the remarks of other addons.
remarkers
  .add("owner", owner, { sequence: 5 })
  .add("lost", lost, { sequence: 10 })
  .add("damaged", damaged, { sequence: 20 })
  .add("silent", silent, { sequence: 30 })
  .add("ahead", ahead, { sequence: 35 })
  .add("attempts", attempts, { sequence: 40 })
  .add("pod", proof, { sequence: 60 })
  .add("unmapped", unmapped, { sequence: 70 });
