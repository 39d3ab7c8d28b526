/** A partner that sends by every way in, and remembers what was acknowledged. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toUtcText } from "../../bridge/clock.ts";
import type { BridgeProcess } from "../../tools/demo/bridge_process.ts";
import { sign } from "../../tools/simulator/sender.ts";

const CLIENTS = 4;
/** Between two messages of a client, so that Odoo and the machine keep up. */
const PAUSE_MS = 200;
/** Of ten messages one goes by folder and one by SFTP, and every third webhook is sent again. */
const BY_FOLDER = 8;
const BY_SFTP = 9;
const REPEATED = 3;

interface Ways {
  bridge: BridgeProcess;
  /** Where files for the bridge are laid. */
  folder: string;
  sftp: string;
}

/**
 * Each message is a consignment in a status of its own, which Odoo keeps under that code: so it can
 * be told message by message whether it arrived, and how often. A webhook counts when it was
 * answered with 202, a file when it lies under its name.
 */
export class Acknowledged {
  /** Codes that Odoo must have. */
  readonly codes = new Set<string>();
  readonly channels = { webhook: 0, folder: 0, sftp: 0 };
  /** How many messages were sent at all, and how many webhooks once more. */
  sent = 0;
  repeated = 0;
  readonly #ways: Ways;
  readonly #shipments: readonly string[];
  readonly #stop = new AbortController();
  #running: Promise<void>[] = [];

  constructor(ways: Ways, shipments: readonly string[]) {
    this.#ways = ways;
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
      const channel =
        number % 10 === BY_FOLDER ? "folder" : number % 10 === BY_SFTP ? "sftp" : "webhook";
      const body = this.#body(number, status);
      if (
        channel === "webhook" ? await this.#post(number, body) : this.#lay(channel, status, body)
      ) {
        this.codes.add(`consignment/${status}`);
        this.channels[channel]++;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #body(number: number, status: string): string {
    return JSON.stringify({
      entityType: "consignment",
      id: `00000000-0000-4000-9000-${String(number).padStart(12, "0")}`,
      lastModified: toUtcText(new Date()),
      status,
      externalAttributes: { shipmentNumber: this.#shipments[number % this.#shipments.length] },
    });
  }

  #lay(channel: "folder" | "sftp", name: string, body: string): boolean {
    const file = join(this.#ways[channel], `${name}.json`);
    try {
      writeFileSync(`${file}.tmp`, body);
      renameSync(`${file}.tmp`, file);
      return true;
    } catch {
      return false; // its disk is full, as meant: nothing was promised
    }
  }

  /** Sends the webhook, and every third once more: with its id, or under a new one. */
  async #post(number: number, body: string): Promise<boolean> {
    const id = `msg_${crypto.randomUUID()}`;
    let isTaken = (await this.#deliver(id, body)) === 202;
    if (number % REPEATED !== 0 && isTaken) return true;
    this.repeated++;
    const again = number % 2 === 0 ? id : `msg_${crypto.randomUUID()}`;
    if ((await this.#deliver(again, body)) === 202) isTaken = true;
    return isTaken;
  }

  async #deliver(id: string, body: string): Promise<number> {
    const { bridge } = this.#ways;
    const timestamp = String(Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(bridge.webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": sign(bridge.webhookSecret, `${id}.${timestamp}.${body}`),
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
