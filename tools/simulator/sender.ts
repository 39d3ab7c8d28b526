/** Pushes messages as Standard Webhooks, each until it was taken. */
import { createHmac } from "node:crypto";
import type { Clock } from "../../bridge/clock.ts";
import type { Webhook } from "./options.ts";

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5000;
const CONCURRENT = 8;

export class Sender {
  webhook: Webhook | undefined;
  readonly #clock: Clock;
  readonly #queue: Array<{ id: string; body: string }> = [];
  readonly #stop = new AbortController();
  readonly #workers = new Set<Promise<void>>();
  /** Answers by status; 0 for none. */
  readonly answers = new Map<number, number>();

  constructor(clock: Clock, webhook: Webhook | undefined) {
    this.#clock = clock;
    this.webhook = webhook;
  }

  /** How many messages were not taken yet. */
  get waiting(): number {
    return this.#queue.length + this.#workers.size;
  }

  /** Without a webhook nobody listens: what happened is for the poll to show. */
  push(id: string, body: string): void {
    if (this.webhook === undefined) return;
    this.#queue.push({ id, body });
    if (this.#workers.size >= CONCURRENT || this.#stop.signal.aborted) return;
    const worker = this.#work().finally(() => this.#workers.delete(worker));
    this.#workers.add(worker);
  }

  /** Resolves when everything that was pushed is taken (or the sender was stopped). */
  async idle(): Promise<void> {
    while (this.#workers.size > 0) await Promise.all(this.#workers);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#queue.length = 0;
    await this.idle();
  }

  async #work(): Promise<void> {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      await this.#deliver(next.id, next.body);
    }
  }

  async #deliver(id: string, body: string): Promise<void> {
    const { signal } = this.#stop;
    for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      const status = await this.#post(id, body);
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      if (status >= 200 && status < 300) return;
      await this.#clock.sleep(wait, signal);
    }
  }

  async #post(id: string, body: string): Promise<number> {
    const { webhook } = this;
    if (webhook === undefined) return 0;
    const timestamp = String(Math.floor(this.#clock.now().getTime() / 1000));
    try {
      const response = await fetch(webhook.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": sign(webhook.secret, `${id}.${timestamp}.${body}`),
        },
        body,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(10_000)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0; // nobody listens, or the answer was lost: sent again
    }
  }
}

/** `v1,<base64>` over id, timestamp and body. */
export function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
}
