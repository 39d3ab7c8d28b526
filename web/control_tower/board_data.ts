/** What Odoo answers to the board: `control_tower` and `timeline` of milepost.shipment. */

import type { OdooInstant } from "../components/odoo_values.ts";

export const COLUMN_KEYS = [
  "exception",
  "late",
  "silent",
  "in_transit",
  "delivered_today",
  "waiting",
] as const;
export type ColumnKey = (typeof COLUMN_KEYS)[number];

/** Work on what is wrong with a shipment: `milepost.issue`. */
export interface RowIssue {
  id: number;
  state: "open" | "acknowledged" | "snoozed";
  user_id: number | false;
  owner: string | false;
  is_mine: boolean;
  /** Its time has run out. */
  is_due: boolean;
  since: OdooInstant;
  due_at: OdooInstant;
  /** What helps; false where somebody deals with it already. */
  next_step: string | false;
}

export interface ShipmentRow {
  id: number;
  name: string;
  state: string;
  customer: string | false;
  origin: string | false;
  destination: string | false;
  /** The time zone of the last stop. */
  destination_zone: string | false;
  carrier: string | false;
  connection: string | false;
  planned_delivery_at: OdooInstant;
  eta: OdooInstant;
  arrived_delivery_at: OdooInstant;
  delivered_at: OdooInstant;
  /** After the planned time; negative when early. */
  lateness_minutes: number;
  is_late: boolean;
  is_silent: boolean;
  is_overdue: boolean;
  exception_code: string | false;
  exception_reason: string | false;
  exception_since: OdooInstant;
  current_milestone: string | false;
  current_milestone_at: OdooInstant;
  last_heard_at: OdooInstant;
  /** Percent. */
  progress: number;
  stop_count: number;
  stop_done_count: number;
  attempt_count: number;
  unmapped_count: number;
  has_pod: boolean;
  is_damaged: boolean;
  is_lost: boolean;
  is_ahead: boolean;
  rev: number;
  /** False where nothing is wrong. */
  issue: RowIssue | false;
}

export interface BoardColumn {
  key: ColumnKey;
  /** All of the column, of which `shipments` are the first. */
  count: number;
  shipments: ShipmentRow[];
}

export interface BoardAnswer {
  now: string;
  columns: BoardColumn[];
}

/** Which of a stop's values a fact is the source of. */
export type ProvenValue = "estimated_arrival" | "arrived_at" | "departed_at" | "completed_at";

export interface TimelineFact {
  id: number;
  /** What the partner's code means; false while nobody has said. */
  code: string | false;
  classifier: "planned" | "estimated" | "actual";
  occurred_at: OdooInstant;
  occurred_zone: string | false;
  received_at: OdooInstant;
  raw_code: string;
  raw_text: string | false;
  reason: string | false;
  connection: string;
  message_uid: string | false;
  message_path: string | false;
  mapping: string | false;
  place_name: string | false;
  superseded: boolean;
  retracted: boolean;
  is_unmapped: boolean;
  /** It says to have happened after it was received, and is not believed. */
  is_ahead: boolean;
  conditions: string[];
  proves: ProvenValue[];
}

export interface TimelineStop {
  id: number;
  kind: "pickup" | "delivery" | "terminal" | "customs";
  name: string | false;
  city: string | false;
  country_code: string | false;
  zone: string | false;
  sequence: number;
  state: "pending" | "estimated" | "arrived" | "done";
  outcome: string | false;
  lateness_minutes: number;
  /** Beyond the connection's grace. */
  is_late: boolean;
  planned_arrival: OdooInstant;
  planned_departure: OdooInstant;
  window_start: OdooInstant;
  window_end: OdooInstant;
  estimated_arrival: OdooInstant;
  arrived_at: OdooInstant;
  departed_at: OdooInstant;
  completed_at: OdooInstant;
  facts: TimelineFact[];
}

export interface TimelinePod {
  id: number;
  signer: string | false;
  signed: boolean;
  delivered_at: OdooInstant;
  document_count: number;
  is_clean: boolean;
  state: string;
}

/** Why nothing is heard of a silent shipment, and the step that helps. */
export interface Silence {
  cause: string;
  what: string;
  step: string;
  /** Opens where the step is done; false where that is not in Odoo. */
  action: Record<string, unknown> | false;
}

/** What the reader may do about the shipment; `hotkey` is the key as the keyboard names it. */
export interface PanelAction {
  key: string;
  name: string;
  hotkey: string;
}

export interface TimelineAnswer {
  now: string;
  shipment: ShipmentRow;
  silence: Silence | false;
  actions: PanelAction[];
  stops: TimelineStop[];
  unplaced: TimelineFact[];
  pods: TimelinePod[];
}
