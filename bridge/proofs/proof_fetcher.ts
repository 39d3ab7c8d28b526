/**
 * Fetches the papers that a connection's messages link to, beside the work: no message waits for
 * one. What was tried, and when the next try is, stands in the store; a paper that is here and the
 * message that says so are one commit, so that a restart fetches none twice and loses none.
 */
import { createHash } from "node:crypto";
import { toUtcText, type Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { retryDelayMs } from "../queue/retry_policy.ts";
import { PROOF_NOTICE, type ProofNotice } from "../sources/shared/reading/proof_notice.ts";
import type { DiskGuard } from "../store/disk_guard.ts";
import type { NewMessage } from "../store/inbox.ts";
import type { LinkSettlement, ProofLinkRow, ProofLinks } from "../store/proof_links.ts";
import { byHost } from "./by_host.ts";
import type { LinkClient, Paper } from "./link_client.ts";

const SWEEP_MS = 2000;
const LIMIT = 20;
/** The step of the schedule of retries beyond which no rest goes: half an hour. */
const LONGEST_REST = 5;

export interface ProofFetcherParts {
  connection: Connection;
  client: LinkClient;
  links: ProofLinks;
  disk: Pick<DiskGuard, "full">;
  /** Called after a message was stored. */
  onAccepted: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export class ProofFetcher {
  readonly #parts: ProofFetcherParts;
  readonly #code: string;
  /** Links whose outcome could not be kept. */
  readonly #resting = new Map<string, { tries: number; until: number }>();

  constructor(parts: ProofFetcherParts) {
    this.#parts = parts;
    this.#code = parts.connection.code;
  }

  /** Fetches until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await this.#attempt(() => this.reopen());
    while (!signal.aborted) {
      const tried = await this.#attempt(() => this.fetchDue(signal));
      if (tried !== LIMIT) await this.#parts.clock.sleep(SWEEP_MS, signal);
    }
  }

  /** A host may be allowed now that was not before: what was refused for it is tried again. */
  async reopen(): Promise<void> {
    const { links } = this.#parts;
    const refused = (await links.open(this.#code)).filter(
      ({ state, code }) => state === "refused" && code === "link_host",
    );
    if (refused.length > 0) await links.again(refused.map(({ id }) => id));
  }

  /** One round, a few at once; gives how many were tried. */
  async fetchDue(signal: AbortSignal): Promise<number> {
    const { links, clock, disk } = this.#parts;
    if (disk.full) return 0;
    const now = clock.steady();
    const due = await links.due(this.#code, now, LIMIT + this.#resting.size);
    const rows = due.filter(({ id }) => (this.#resting.get(id)?.until ?? 0) <= now).slice(0, LIMIT);
    await byHost(rows, (row) => (signal.aborted ? Promise.resolve() : this.#try(row, signal)));
    return rows.length;
  }

  /** What became of it could not be kept: it rests, longer each time, or it would be fetched each round. */
  async #try(row: ProofLinkRow, signal: AbortSignal): Promise<void> {
    const tries = (this.#resting.get(row.id)?.tries ?? 0) + 1;
    const tried = await this.#attempt(async () => {
      await this.#fetch(row, signal);
      return 1;
    });
    if (tried === 1) this.#resting.delete(row.id);
    else {
      const delay = retryDelayMs(Math.min(tries, LONGEST_REST)) ?? 0;
      this.#resting.set(row.id, { tries, until: this.#parts.clock.steady() + delay });
    }
  }

  async #attempt(work: () => Promise<number | void>): Promise<number | void> {
    try {
      return await work();
    } catch (error) {
      this.#parts.log.warn("proofs not fetched", {
        connection: this.#code,
        reason: errorText(error),
      });
      return 0;
    }
  }

  async #fetch(row: ProofLinkRow, signal: AbortSignal): Promise<void> {
    const { client, links, log, metrics, onAccepted } = this.#parts;
    let paper: Paper;
    try {
      paper = await client.fetch(row.link.url, signal);
    } catch (error) {
      if (!signal.aborted) await this.#afterFault(row, error);
      return;
    }
    const document = documentOf(row, paper);
    const told = row.told !== null;
    const message = this.#notice(row, { state: "fetched", document, told }, document.sha256);
    const settlement = {
      state: "fetched" as const,
      attempts: row.attempts,
      dueAt: 0,
      code: null,
      told: null,
    };
    await links.settle(row.id, settlement, message);
    metrics.proofLinks.inc({ connection: this.#code, result: "fetched" });
    log.info("proof fetched", { connection: this.#code, message_id: row.messageId });
    onAccepted();
  }

  async #afterFault(row: ProofLinkRow, error: unknown): Promise<void> {
    const { links, clock, log, metrics, onAccepted } = this.#parts;
    const fault = error instanceof MilepostError ? error : undefined;
    const code = fault?.code ?? "link_failed";
    const attempts = row.attempts + 1;
    const delay = fault?.retry === "never" ? null : retryDelayMs(attempts, fault?.retryAfterMs);
    const state = delay === null ? "refused" : "waiting";
    const text = errorText(error);
    metrics.proofLinks.inc({
      connection: this.#code,
      result: state === "refused" ? "refused" : "retry",
    });
    log.warn("proof not fetched", {
      connection: this.#code, message_id: row.messageId, code, reason: text, attempt: attempts,
    }); // prettier-ignore
    const told = `${state} ${code}`;
    const settlement: LinkSettlement = {
      state,
      attempts,
      dueAt: clock.steady() + (delay ?? 0),
      code,
      told,
    };
    // Odoo hears of the first failure, of another cause and of the end, not of each try.
    if (told === row.told) return links.settle(row.id, settlement);
    await links.settle(row.id, settlement, this.#notice(row, { state, code, text }, told));
    onAccepted();
  }

  #notice(row: ProofLinkRow, outcome: ProofNotice["outcome"], what: string): NewMessage {
    const { clock } = this.#parts;
    const now = clock.now();
    const { link, messageId: of } = row;
    const { lane, proof } = link;
    const notice: ProofNotice = { link: row.id, of, lane, at: toUtcText(now), proof, outcome };
    const again = outcome.state === "fetched" ? "" : ` ${now.getTime()}`;
    return {
      connection: this.#code,
      channel: "poll",
      contentType: PROOF_NOTICE,
      body: Buffer.from(JSON.stringify(notice)),
      attributes: { proof_of: of },
      dedupeKey: `proof ${row.id} ${what}${again}`,
      receivedAt: now.getTime(),
    };
  }
}

function documentOf({ link }: ProofLinkRow, { bytes, mediaType }: Paper) {
  return {
    name: link.name?.slice(0, 128) ?? "proof",
    media_type: mediaType,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    content_base64: bytes.toString("base64"),
  };
}
