/** "There may be work": a hint that saves waiting. Who misses it finds the work by polling. */
export class Wake {
  #waiting = new Set<() => void>();
  #rung = false;

  /** Wakes all who wait, or the next who would wait. */
  ring(): void {
    if (this.#waiting.size === 0) this.#rung = true;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next ring, after the time, or when aborted; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#rung || signal.aborted) {
      this.#rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
      this.#waiting.add(done);
    });
  }
}
