/** What is paused, for people who look from outside the process. */

export type PauseScope =
  "clock" | "store" | "odoo" | "delivery" | "poll" | "files" | "orders" | "replies";

export interface Pause {
  scope: PauseScope;
  /** Empty for what concerns all connections. */
  connection: string;
  code: string;
  reason: string;
  hint: string | null;
  since: number;
}

export interface Pauses {
  set(pause: Pause): Promise<void>;
  clear(scope: PauseScope, connection: string): Promise<void>;
  list(): Promise<Pause[]>;
  clearAll(): Promise<void>;
}
