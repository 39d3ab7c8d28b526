/** How a message leaves the TMS: at once or late, once or several times, or not at all. */
import type { MessageCounts } from "./ledger.ts";
import type { Habits } from "./options.ts";
import type { Random } from "./random.ts";
import type { Sender } from "./sender.ts";
import type { Timeline } from "./timeline.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export class Outlet {
  readonly #timeline: Timeline;
  readonly #sender: Sender;
  readonly #habits: Habits;
  readonly #random: Random;

  constructor(timeline: Timeline, sender: Sender, habits: Habits, random: Random) {
    this.#timeline = timeline;
    this.#sender = sender;
    this.#habits = habits;
    this.#random = random;
  }

  /** Pushes an entity or event as it is now; `counts` are those of the orders that it is about. */
  emit(message: object, counts: readonly MessageCounts[]): void {
    const body = JSON.stringify(message);
    const random = this.#random;
    const count = (name: keyof MessageCounts) => {
      for (const it of counts) it[name] += 1;
    };
    if (random.chance(this.#habits.withheld)) return count("withheld");
    const isLate = random.chance(this.#habits.late);
    if (isLate) count("late");
    // A spread of minutes is enough to bring neighbouring messages out of order.
    const delay = isLate ? random.integer(1, 5) * HOUR : random.integer(0, 6) * MINUTE;
    count("sent");
    this.#later(delay, body);
    if (!random.chance(this.#habits.repeated)) return;
    for (let copies = random.integer(1, 2); copies > 0; copies -= 1) {
      count("duplicated");
      this.#later(delay + random.integer(0, 120) * MINUTE, body);
    }
  }

  #later(delay: number, body: string): void {
    const id = `msg_${this.#random.uuid()}`;
    this.#timeline.after(delay, () => this.#sender.push(id, body));
  }
}
