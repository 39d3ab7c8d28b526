/** Answers of Odoo to the board, made of a few words. */
import type {
  BoardAnswer,
  ColumnKey,
  ShipmentRow,
  TimelineAnswer,
} from "../../web/control_tower/board_data.ts";

export const NOW = "2026-11-23 14:00:00";

export function shipment(id: number, more: Partial<ShipmentRow> = {}): ShipmentRow {
  return {
    id,
    name: `SHP/2026/0000${id}`,
    state: "in_transit",
    customer: `Customer ${id}`,
    origin: "Rotterdam",
    destination: "Lyon",
    carrier: "Waterweg Transport",
    connection: "Waterweg TMS",
    planned_delivery_at: "2026-11-23 16:00:00",
    eta: "2026-11-23 16:05:00",
    arrived_delivery_at: false,
    delivered_at: false,
    lateness_minutes: 5,
    is_late: false,
    is_silent: false,
    is_overdue: false,
    exception_code: false,
    exception_reason: false,
    exception_since: false,
    current_milestone: "picked_up",
    current_milestone_at: "2026-11-23 10:00:00",
    last_heard_at: "2026-11-23 13:55:00",
    progress: 50,
    stop_count: 2,
    stop_done_count: 1,
    attempt_count: 0,
    unmapped_count: 0,
    has_pod: false,
    is_damaged: false,
    is_lost: false,
    rev: 1,
    ...more,
  };
}

/** A board of these shipments; a count says that there are more than shown. */
export function board(
  columns: Partial<Record<ColumnKey, ShipmentRow[]>>,
  counts: Partial<Record<ColumnKey, number>> = {},
): BoardAnswer {
  const entries = Object.entries(columns) as [ColumnKey, ShipmentRow[]][];
  return {
    now: NOW,
    columns: entries.map(([key, shipments]) => ({
      key,
      count: counts[key] ?? shipments.length,
      shipments,
    })),
  };
}

export function timeline(row: ShipmentRow): TimelineAnswer {
  return { now: NOW, shipment: row, stops: [], unplaced: [], pods: [] };
}
