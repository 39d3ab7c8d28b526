/** Two partners for the benchmark of a backlog: a parcel network's scans and proofs, a biller's charges. */
import { createHmac } from "node:crypto";
import { Agent, request } from "undici";

export const SCANS = "parcels";
export const CHARGES = "biller";
const SECRET = "backlog-secret";
const SIGNATURE = "x-signature";

/** Of twenty messages one is a proof of delivery and one a charge. */
const OF = 20;
const START = Date.now() - 3 * 86_400_000;
/** Of ten messages one speaks of a shipment that others speak of under other numbers. */
const SHARED = 10;

/** The biller's file: each message is one charge. */
export const BILLER = `
mapping: { name: biller, version: 1 }
title: Charges of a carrier
format: json
zone: UTC
identifiers: { tracking: tracking }
lane: tracking
recorded_at: at
facts:
  - kind: charge
    event: id
    side: cost
    code: code
    amount: amount
    currency: currency
codes: { charges: { LHC: linehaul } }
authority: { billing: [charge] }
`;

export const connections: readonly object[] = [
  { code: SCANS, source: "aftership", webhook: webhook() },
  {
    code: CHARGES,
    source: "mapped",
    settings: { partner: "biller.yaml" },
    webhook: webhook(),
  },
];

function webhook(): object {
  const verifier = { scheme: "hmac", header: SIGNATURE, keys: [{ secret: SECRET }] };
  return { verifier, rate_per_minute: 10_000_000 };
}

/** How many facts of each kind the messages before `count` give. */
export function expected(count: number): { milestones: number; proofs: number; charges: number } {
  const [proofs, charges] = [0, 1].map((kind) => Math.floor((count - 1 - kind) / OF) + 1);
  // A proof comes with its delivery.
  return { milestones: count - charges!, proofs: proofs!, charges: charges! };
}

export interface Parcels {
  /** Tracking numbers of parcels that are shipments of their own. */
  own: readonly string[];
  /** Those of shipments of several parcels. */
  shared: readonly string[];
}

export class Partners {
  readonly #intake: string;
  readonly #parcels: Parcels;
  readonly #agent = new Agent({ connections: 64 });
  /** Messages that were sent and acknowledged. */
  sent = 0;
  /** How long each waited for its 202, in milliseconds. */
  readonly waits: number[] = [];

  constructor(intake: string, parcels: Parcels) {
    this.#intake = intake;
    this.#parcels = parcels;
  }

  /** Sends so many, some at the same time; each is acknowledged when this resolves. */
  async send(count: number, atOnce: number): Promise<void> {
    const until = this.sent + count;
    const work = async () => {
      while (this.sent < until) await this.#post(this.sent++);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #post(number: number): Promise<void> {
    const isCharge = number % OF === 1;
    const tracking = this.#trackingOf(number);
    const message = isCharge ? charge(number, tracking) : scan(number, tracking);
    const body = JSON.stringify(message);
    const headers = {
      "content-type": "application/json",
      [SIGNATURE]: createHmac("sha256", SECRET).update(body).digest("hex"),
    };
    const url = `${this.#intake}/webhooks/${isCharge ? CHARGES : SCANS}`;
    const start = performance.now();
    const answer = await request(url, { method: "POST", headers, body, dispatcher: this.#agent });
    const text = await answer.body.text();
    this.waits.push(performance.now() - start);
    if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text}`);
  }

  #trackingOf(number: number): string {
    const { own, shared } = this.#parcels;
    const turn = Math.floor(number / SHARED);
    if (number % SHARED === SHARED - 1) return shared[turn % shared.length]!;
    return own[(turn * (SHARED - 1) + (number % SHARED)) % own.length]!;
  }
}

/** A second of its own for each, so that no two are the same fact; lately, as carriers reuse numbers. */
function instantOf(number: number): string {
  return new Date(START + number * 1000).toISOString();
}

function charge(number: number, tracking: string): object {
  const [at, id] = [instantOf(number), `charge-${number}`];
  return { id, tracking, at, code: "LHC", amount: "125.50", currency: "EUR" };
}

function scan(number: number, tracking: string): object {
  const at = instantOf(number);
  const isProof = number % OF === 0;
  const [tag, subtag] = isProof ? ["Delivered", "Delivered_001"] : ["InTransit", "InTransit_003"];
  const where = { city: "Utrecht", country_region: "NLD", message: `scan ${number}` };
  return {
    event: "tracking_update",
    msg: {
      tracking_number: tracking,
      tag,
      subtag,
      updated_at: at,
      checkpoints: [{ checkpoint_time: at, tag, subtag, ...where }],
      ...(isProof && { signed_by: `Receiver ${number}` }),
    },
  };
}
