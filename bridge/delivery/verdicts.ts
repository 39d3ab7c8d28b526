/** What Odoo's verdict on a fact means for the queue. */
import type { Verdict } from "../canonical/exchange.ts";
import type { Clock } from "../clock.ts";
import type { Problem } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import type { QueuedFact, Settlement } from "../store/facts.ts";
import { shipmentLane } from "../queue/lane.ts";
import { contentionDelayMs } from "../queue/retry_policy.ts";

const HINTS: Readonly<Record<string, string>> = {
  schema:
    "the mapping made a fact that Odoo's contract refuses: mend the source, replay the message",
  authority: "this connection may not publish this kind of fact: see its settings in Odoo",
  contract_version: "install addon and bridge of the same release, then replay",
};

export class VerdictReader {
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  /** How often Odoo said `retry` for a fact. A restart forgets it, which only makes it quicker. */
  readonly #contentions = new Map<number, number>();

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** The settlements in the order of the facts, and in how many milliseconds the first retry is due. */
  settle(
    connection: string,
    facts: readonly QueuedFact[],
    verdicts: readonly Verdict[],
  ): { settlements: Settlement[]; soonest: number | undefined } {
    const at = this.#clock.now().getTime();
    let soonest: number | undefined;
    const settlements = facts.map((queued, index): Settlement => {
      const verdict = verdicts[index];
      const status = verdict?.status ?? "retry";
      this.#metrics.facts.inc({ connection, status });
      if (verdict === undefined || status === "retry") {
        const delay = this.#contention(queued.seq);
        soonest = Math.min(soonest ?? Infinity, delay);
        const { seq, attempts } = queued;
        const problem = verdictProblem(verdict, "locked");
        const dueAt = this.#clock.steady() + delay;
        // Who waits for a shipment's lock waits in the shipment's own lane, where it is not met again.
        const [shipment] = verdict?.shipments ?? [];
        const moved = shipment === undefined ? {} : { laneHash: shipmentLane(shipment) };
        return { seq, to: "retry", attempts, dueAt, problem, ...moved };
      }
      this.#contentions.delete(queued.seq);
      if (status === "rejected") {
        const problem = verdictProblem(verdict, "rejected");
        return { seq: queued.seq, to: "dead", attempts: queued.attempts + 1, problem, at };
      }
      const seconds = Math.max(0, at - queued.receivedAt) / 1000;
      this.#metrics.endToEnd.observe({ priority: queued.priority }, seconds);
      if (status === "unmatched") {
        const problem = verdictProblem(verdict, "no_shipment");
        return { seq: queued.seq, to: "unmatched", problem, at };
      }
      return { seq: queued.seq, to: "delivered", shipments: verdict.shipments ?? [], at };
    });
    return { settlements, soonest };
  }

  #contention(seq: number): number {
    const tries = (this.#contentions.get(seq) ?? 0) + 1;
    this.#contentions.set(seq, tries);
    return contentionDelayMs(tries);
  }
}

function verdictProblem(verdict: Verdict | undefined, code: string): Problem {
  const known = verdict?.code ?? code;
  return {
    code: known,
    reason: verdict?.reason ?? `Odoo says ${verdict?.status ?? "nothing"}`,
    path: verdict?.path,
    hint: HINTS[known],
  };
}
