/** The TMS's own time: it runs faster than ours, and everything that will happen is on it. */
import type { Clock } from "../../bridge/clock.ts";

type Task = () => void | Promise<void>;

interface Entry {
  at: number;
  order: number;
  task: Task;
}

/** Real milliseconds between two looks at what is due. */
const TICK_MS = 10;

export class Timeline {
  /** Simulated seconds per real second; 0 stands still and is moved by `advance`. */
  speed: number;
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  #now: number;
  #looked: number;
  #count = 0;

  constructor(clock: Clock, start: Date, speed: number) {
    this.#clock = clock;
    this.#now = start.getTime();
    this.#looked = clock.steady();
    this.speed = speed;
  }

  /** Simulated milliseconds since the epoch; while a task runs, exactly the time it was due. */
  get now(): number {
    return this.#now;
  }

  get pending(): number {
    return this.#entries.length;
  }

  at(time: number, task: Task): void {
    const entry = { at: Math.max(time, this.#now), order: this.#count++, task };
    const later = this.#entries.findIndex((it) => it.at > entry.at);
    this.#entries.splice(later === -1 ? this.#entries.length : later, 0, entry);
  }

  after(ms: number, task: Task): void {
    this.at(this.#now + ms, task);
  }

  /** Moves on by simulated milliseconds and does, one after the other, what falls due. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (let due = this.#entries[0]; due !== undefined && due.at <= until; due = this.#entries[0]) {
      this.#entries.shift();
      this.#now = due.at;
      await due.task();
    }
    this.#now = Math.max(this.#now, until);
  }

  /** Does everything that is still to come. */
  async finish(): Promise<void> {
    for (let next = this.#entries[0]; next !== undefined; next = this.#entries[0]) {
      await this.advance(next.at - this.#now);
    }
  }

  /** Follows the clock at `speed` until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#looked = this.#clock.steady();
    while (!signal.aborted) {
      await this.#clock.sleep(TICK_MS, signal);
      const now = this.#clock.steady();
      const passed = now - this.#looked;
      this.#looked = now;
      if (this.speed > 0 && !signal.aborted) await this.advance(passed * this.speed);
    }
  }
}
