/** How the simulated TMS is set up. */
import type { Clock } from "../../bridge/clock.ts";

/** What goes wrong in the real world, and how often (0 to 1). */
export interface Habits {
  /** A message is sent again later. */
  repeated: number;
  /** A message is held back for simulated hours. */
  late: number;
  /** A message is never pushed; only a poll shows it. */
  withheld: number;
  /** Times of a delivery are corrected afterwards. */
  corrected: number;
  /** Quantities of a delivery are corrected afterwards. */
  recounted: number;
  /** A delivery is reported by mistake and withdrawn. */
  retracted: number;
  /** The vehicle is late, and says so. */
  delayed: number;
  /** Something is missing on arrival. */
  short: number;
  damaged: number;
  refused: number;
  /** Nobody is there: the delivery is tried again later. */
  absent: number;
  /** The order is called off before the pickup. */
  cancelled: number;
}

export const USUAL_HABITS: Habits = {
  repeated: 0.15,
  late: 0.05,
  withheld: 0.05,
  corrected: 0.1,
  recounted: 0.05,
  retracted: 0.05,
  delayed: 0.25,
  short: 0.08,
  damaged: 0.06,
  refused: 0.05,
  absent: 0.08,
  cancelled: 0.03,
};

/** What does not befall an order that is spared: it ends proven and complete, late or at the second try. */
export const SPARED = { recounted: 0, short: 0, damaged: 0, refused: 0 } as const;

export const FLAWLESS: Habits = Object.fromEntries(
  Object.keys(USUAL_HABITS).map((name) => [name, 0]),
) as unknown as Habits;

export interface Webhook {
  url: string;
  /** Standard Webhooks secret, `whsec_<base64>`. */
  secret: string;
}

export interface SimulatorOptions {
  /** 0 takes a free port. */
  port?: number;
  host?: string;
  /** Bearer token that the API asks for; without one it takes everybody. */
  token?: string;
  webhook?: Webhook;
  seed?: string;
  /** Simulated seconds per real second; 0 stands still until `advance`. */
  speed?: number;
  /** Where simulated time begins; by default 12 hours ago, so that trips end about now. */
  start?: Date;
  habits?: Partial<Habits>;
  /** Orders that one trip takes at most. */
  orders_per_trip?: number;
  clock?: Clock;
}
