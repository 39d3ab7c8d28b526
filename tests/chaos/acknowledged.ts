/** A partner that sends webhooks and remembers which ones were acknowledged. */
import { toUtcText } from "../../bridge/clock.ts";
import type { BridgeProcess } from "../../tools/demo/bridge_process.ts";
import { sign } from "../../tools/simulator/sender.ts";

const CLIENTS = 4;
/** Between two messages of a client, so that Odoo and the machine keep up. */
const PAUSE_MS = 40;

/**
 * Each message is a consignment in a status of its own, which Odoo keeps under that code: so it can
 * be told message by message whether it arrived, and how often. What is answered with anything but
 * 202, or not at all, is never sent again.
 */
export class Acknowledged {
  /** Codes that Odoo must have. */
  readonly codes = new Set<string>();
  /** How many messages were sent at all. */
  sent = 0;
  readonly #bridge: BridgeProcess;
  readonly #shipments: readonly string[];
  readonly #stop = new AbortController();
  #running: Promise<void>[] = [];

  constructor(bridge: BridgeProcess, shipments: readonly string[]) {
    this.#bridge = bridge;
    this.#shipments = shipments;
  }

  start(): void {
    this.#running = Array.from({ length: CLIENTS }, () => this.#send());
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #send(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const number = this.sent++;
      const status = `chaos-${number}`;
      const body = JSON.stringify({
        entityType: "consignment",
        id: `00000000-0000-4000-9000-${String(number).padStart(12, "0")}`,
        lastModified: toUtcText(new Date()),
        status,
        externalAttributes: { shipmentNumber: this.#shipments[number % this.#shipments.length] },
      });
      if ((await this.#post(body)) === 202) this.codes.add(`consignment/${status}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #post(body: string): Promise<number> {
    const id = `msg_${crypto.randomUUID()}`;
    const timestamp = String(Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(this.#bridge.webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": sign(this.#bridge.webhookSecret, `${id}.${timestamp}.${body}`),
        },
        body,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0; // the bridge is dead, or died before it answered: nothing was promised
    }
  }
}
