/** Reads again when something changed, without ever having two reads under way. */
import { browser } from "@web/core/browser/browser";

/** From the first notice of a burst to the read: short for the eye, long enough for one batch. */
const DELAY_MS = 60;

/**
 * Notices come in bursts (one per batch and company). The first one starts a timer, the ones after
 * it ride along; those that come during a read cause one more read after it.
 */
export class LiveReader {
  readonly #read: () => Promise<void>;
  #timer: number | undefined;
  #reading = false;
  #again = false;
  #stopped = false;

  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Something changed: what is shown is read again soon. */
  notice(): void {
    if (this.#stopped || this.#timer !== undefined) return;
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#timer = browser.setTimeout(() => {
      this.#timer = undefined;
      void this.#run();
    }, DELAY_MS);
  }

  stop(): void {
    this.#stopped = true;
    browser.clearTimeout(this.#timer);
  }

  /** `read` handles its own errors; whatever happens in it, the next notice is heard. */
  async #run(): Promise<void> {
    this.#reading = true;
    try {
      await this.#read();
    } finally {
      this.#reading = false;
      if (this.#again) {
        this.#again = false;
        this.notice();
      }
    }
  }
}
