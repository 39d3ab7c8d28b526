/**
 * Says when this machine's clock is wrong: right senders would be refused for their time then, and
 * nothing else would say why. Odoo's clock is asked, and senders whose signature is right.
 */
import { MilepostError } from "./errors.ts";
import type { PauseBoard } from "./pause_board.ts";

/** Half of what a signature's time may usually differ. */
const TOLERATED_MS = 150_000;
/** One sender's clock may be wrong; so many authentic messages in a row are not. */
const AGREEING = 3;

export class ClockWatch {
  readonly #pauses: PauseBoard;
  #late = 0;

  constructor(pauses: PauseBoard) {
    this.#pauses = pauses;
  }

  /** Odoo's clock is so far ahead of ours (negative: behind). */
  async odoo(aheadMs: number): Promise<void> {
    if (Math.abs(aheadMs) > TOLERATED_MS) return this.#say("Odoo's clock", aheadMs);
    if (this.#late < AGREEING) await this.#pauses.resume("clock", "");
  }

  /** An authentic message was signed so far ahead of our clock; undefined: within its tolerance. */
  async sender(aheadMs: number | undefined): Promise<void> {
    if (aheadMs === undefined) {
      if (this.#late > 0) await this.#pauses.resume("clock", "");
      this.#late = 0;
      return;
    }
    this.#late++;
    if (this.#late >= AGREEING) await this.#say("what senders sign", aheadMs);
  }

  #say(whose: string, aheadMs: number): Promise<void> {
    const minutes = Math.abs(Math.round(aheadMs / 60_000));
    const way = aheadMs > 0 ? "behind" : "ahead of";
    return this.#pauses.pause(
      "clock",
      "",
      new MilepostError(`This machine's clock is about ${minutes} minutes ${way} ${whose}`, {
        code: "clock_off",
        retry: "pause",
        hint: "set the clock (timedatectl, chrony): webhooks are refused for their time until then",
      }),
    );
  }
}
