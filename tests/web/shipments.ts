/** Answers of Odoo to the board, made of a few words. */
import type {
  BoardAnswer,
  ColumnKey,
  RowIssue,
  ShipmentRow,
  TimelineAnswer,
  TimelineFact,
  TimelineStop,
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
    destination_zone: false,
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
    is_ahead: false,
    rev: 1,
    issue: false,
    ...more,
  };
}

export function issue(id: number, more: Partial<RowIssue> = {}): RowIssue {
  return {
    id,
    state: "open",
    user_id: false,
    owner: false,
    is_mine: false,
    is_due: false,
    since: "2026-11-23 13:00:00",
    due_at: false,
    next_step: false,
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

export function stop(id: number, more: Partial<TimelineStop> = {}): TimelineStop {
  return {
    id,
    kind: "delivery",
    name: "Officine Bellini",
    city: "Lyon",
    country_code: "FR",
    zone: false,
    sequence: id,
    state: "pending",
    outcome: false,
    lateness_minutes: 0,
    is_late: false,
    planned_arrival: false,
    planned_departure: false,
    window_start: false,
    window_end: false,
    estimated_arrival: false,
    arrived_at: false,
    departed_at: false,
    completed_at: false,
    facts: [],
    ...more,
  };
}

export function fact(id: number, more: Partial<TimelineFact> = {}): TimelineFact {
  return {
    id,
    code: "arrived_delivery",
    classifier: "actual",
    occurred_at: "2026-11-23 09:48:00",
    occurred_zone: false,
    received_at: "2026-11-23 09:49:00",
    raw_code: "X1",
    raw_text: false,
    reason: false,
    connection: "Waterweg TMS",
    message_uid: false,
    message_path: false,
    mapping: false,
    place_name: false,
    superseded: false,
    retracted: false,
    is_unmapped: false,
    is_ahead: false,
    conditions: [],
    proves: [],
    ...more,
  };
}

export function timeline(row: ShipmentRow): TimelineAnswer {
  return {
    now: NOW,
    shipment: row,
    silence: false,
    actions: [],
    stops: [],
    unplaced: [],
    pods: [],
  };
}
