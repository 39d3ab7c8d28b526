/** Reads again when something changed, without ever having two reads under way. */
import { browser } from "@web/core/browser/browser";

/** From the first notice of a burst to the read: short for the eye, long enough for one batch. */
const DELAY_MS = 60;

/**
 * Notices come in bursts (one per batch and company). The first one starts a timer, the ones after
 * it ride along; those that come during a read cause one more read after it. A board reads for at
 * most half of the time, however slow the server is, and a page that nobody sees does not read.
 */
export class LiveReader {
  readonly #read: () => Promise<void>;
  #timer: number | undefined;
  #delay = DELAY_MS;
  #reading = false;
  #again = false;
  #stopped = false;

  /** `read` handles its own errors. */
  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Something changed: what is shown is read again soon. */
  notice(): void {
    if (this.#stopped || this.#timer !== undefined) return;
    if (this.#reading || document.hidden) {
      this.#again = true;
      return;
    }
    this.#timer = browser.setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, this.#delay);
  }

  /** The page is seen again: what was noticed meanwhile is read. */
  wake(): void {
    if (!this.#again || this.#reading) return;
    this.#again = false;
    this.notice();
  }

  stop(): void {
    this.#stopped = true;
    browser.clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    const start = performance.now();
    this.#reading = true;
    try {
      await this.#read();
    } finally {
      this.#reading = false;
      this.#delay = Math.max(DELAY_MS, performance.now() - start);
      this.wake();
    }
  }
}
