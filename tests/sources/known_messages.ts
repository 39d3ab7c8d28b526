/** What an inbox would store of polled pages: each message once, by its list and its bytes. */
import type { Page, PolledMessage } from "../../bridge/sources/source.ts";

export class KnownMessages {
  readonly #keys = new Set<string>();
  readonly stored: PolledMessage[] = [];

  /** Gives how many of the page were not there yet. */
  take({ messages }: Page): number {
    const before = this.stored.length;
    for (const message of messages) {
      const key = `${message.identity ?? JSON.stringify(message.attributes)} ${message.body.toString()}`;
      if (this.#keys.has(key)) continue;
      this.#keys.add(key);
      this.stored.push(message);
    }
    return this.stored.length - before;
  }
}
