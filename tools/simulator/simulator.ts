/**
 * A TMS that speaks Open Trip Model 5 over HTTP and is as unreliable as real ones, with a ledger of
 * what truly happened.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../bridge/clock.ts";
import { simulatorApp } from "./api.ts";
import { Company } from "./company.ts";
import { type FaultKind, type FaultPlan, Faults } from "./faults.ts";
import { Ledger, type OrderTruth } from "./ledger.ts";
import { type SimulatorOptions, USUAL_HABITS, type Webhook } from "./options.ts";
import { Outlet } from "./outlet.ts";
import { Random } from "./random.ts";
import { Sender } from "./sender.ts";
import { Timeline } from "./timeline.ts";
import { World } from "./world.ts";

const TWELVE_HOURS = 12 * 3_600_000;

export interface SimulatorStatus {
  orders: number;
  finished: number;
  /** Messages that are on the timeline or not taken yet. */
  waiting_messages: number;
  /** Everything that will happen has happened, and all that is pushed was taken. */
  idle: boolean;
  faults: Partial<Record<FaultKind, number>>;
  /** Answers to webhooks by status; 0 for none. */
  webhook_answers: Record<string, number>;
  simulated_time: string;
}

export interface Simulator {
  /** Base URL; the API is below `/api/v5`, the controls below `/control`. */
  readonly url: string;
  /** Simulated seconds per real second. */
  speed: number;
  /** What finally happened to each order, as far as it has. */
  truth(): OrderTruth[];
  status(): SimulatorStatus;
  setWebhook(webhook: Webhook | undefined): void;
  /** Lets the next requests (`count`) or some of all (`probability`) fail in these ways. */
  fail(plan: FaultPlan): void;
  /** Ends all failing. */
  calm(): void;
  /** Lets these shipments come to a good end: delivered whole and proven, whatever happens on the way. */
  spare(shipments: readonly string[]): void;
  /** Moves simulated time on by hand (with speed 0). */
  advance(ms: number): Promise<void>;
  /** Lets everything happen that is still to come, and waits until it was taken. */
  finish(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the TMS; it listens when this resolves. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? systemClock();
  const random = new Random(options.seed ?? "milepost");
  const start = options.start ?? new Date(clock.now().getTime() - TWELVE_HOURS);
  const timeline = new Timeline(clock, start, options.speed ?? 600);
  const habits = { ...USUAL_HABITS, ...options.habits };
  const sender = new Sender(clock, options.webhook);
  const ledger = new Ledger();
  const world = new World();
  const outlet = new Outlet(timeline, sender, habits, random.fork("outlet"));
  const spared = new Set<string>();
  const office = { timeline, world, outlet, ledger, habits, spared, random: random.fork("office") };
  const company = new Company(office, options.orders_per_trip ?? 4);
  const faults = new Faults(random.fork("faults"));
  const status = () => statusOf({ ledger, timeline, sender, faults });
  const control = {
    truth: () => ({ orders: ledger.all(), status: status() }),
    status,
    setSpeed: (speed: number) => void (timeline.speed = speed),
    setWebhook: (webhook: Webhook | undefined) => void (sender.webhook = webhook),
  };
  const server = createServer(
    simulatorApp({ company, world, faults, token: options.token, control }),
  );
  server.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = new AbortController();
  const running = timeline.run(stop.signal);
  return {
    url: `http://${options.host ?? "127.0.0.1"}:${port}`,
    get speed() {
      return timeline.speed;
    },
    set speed(speed: number) {
      timeline.speed = speed;
    },
    truth: () => ledger.all(),
    status,
    setWebhook: control.setWebhook,
    fail: (plan) => faults.plan(plan),
    calm: () => faults.calm(),
    spare: (shipments) => shipments.forEach((one) => spared.add(one)),
    advance: (ms) => timeline.advance(ms),
    finish: async () => {
      await timeline.finish();
      await sender.idle();
    },
    stop: async () => {
      stop.abort();
      await running;
      await sender.stop();
      faults.release();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Watched {
  ledger: Ledger;
  timeline: Timeline;
  sender: Sender;
  faults: Faults;
}

function statusOf({ ledger, timeline, sender, faults }: Watched): SimulatorStatus {
  const orders = ledger.all();
  const waiting = timeline.pending + sender.waiting;
  return {
    orders: orders.length,
    finished: orders.filter((it) => it.finished).length,
    waiting_messages: waiting,
    idle: waiting === 0,
    faults: Object.fromEntries(faults.made),
    webhook_answers: Object.fromEntries(sender.answers),
    simulated_time: new Date(timeline.now).toISOString(),
  };
}
