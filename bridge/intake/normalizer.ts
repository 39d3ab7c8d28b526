/**
 * Reads stored messages into facts. Reading is pure and facts have keys, so a message that is read
 * twice (after a crash, after a mapping was mended) changes nothing twice.
 */
import { fact as factType } from "../canonical/fact.ts";
import { factKey } from "../canonical/fact_key.ts";
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { laneHash } from "../queue/lane.ts";
import type { Wake } from "../queue/wake.ts";
import type { ReadFact, Reading } from "../sources/source.ts";
import type { Inbox, NewFact, Problem, StoredMessage } from "../store/store.ts";

/** Read at once: enough to fill a batch, few enough to leave the event loop its turn. */
const GROUP = 50;
/** A poll's answer may have many megabytes: a group is never more than this, or one message. */
const GROUP_BYTES = 32_000_000;
/** Looks for work this often when nobody rings (another process may have put messages back). */
const SWEEP_MS = 1000;

export interface NormalizerParts {
  inbox: Inbox;
  connections: ReadonlyMap<string, Connection>;
  wake: Wake;
  /** Called after facts were committed. */
  onFacts: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

interface Checked {
  facts: NewFact[];
  refused: Array<{ key: string; problem: Problem }>;
}

export class Normalizer {
  readonly #parts: NormalizerParts;

  constructor(parts: NormalizerParts) {
    this.#parts = parts;
  }

  /** Reads until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if ((await this.readSome()) === 0) await this.#parts.wake.wait(SWEEP_MS, signal);
      } catch (error) {
        this.#parts.log.error("reading failed", { reason: errorText(error) });
        await this.#parts.clock.sleep(SWEEP_MS, signal);
      }
    }
  }

  /** Reads one group; gives how many messages it was. */
  async readSome(): Promise<number> {
    const messages = await this.#parts.inbox.unread(GROUP, GROUP_BYTES);
    const inserted = await Promise.all(messages.map((message) => this.#read(message)));
    if (inserted.some((count) => count > 0)) this.#parts.onFacts();
    return messages.length;
  }

  async #read(message: StoredMessage): Promise<number> {
    const { inbox, clock, metrics } = this.#parts;
    const start = performance.now();
    const at = clock.now().getTime();
    let result: Omit<Reading, "facts"> & Checked & { mapping: string };
    try {
      result = this.#interpret(message);
    } catch (error) {
      await inbox.recordUnreadable(message.id, problemOf(error), at);
      this.#dead(message, problemOf(error));
      return 0;
    }
    const { facts, refused, findings, mapping } = result;
    const counts = await inbox.recordReading(message.id, mapping, facts, findings, refused, at);
    for (const { problem } of refused) this.#dead(message, problem);
    for (const { severity } of findings) {
      metrics.findings.inc({ connection: message.connection, severity });
    }
    metrics.stage.observe({ stage: "normalize" }, (performance.now() - start) / 1000);
    return counts.inserted;
  }

  #interpret(message: StoredMessage): Omit<Reading, "facts"> & Checked & { mapping: string } {
    const connection = this.#parts.connections.get(message.connection);
    if (connection === undefined) {
      throw new MilepostError(`There is no connection "${message.connection}" any more`, {
        code: "connection_unknown",
        retry: "never",
        hint: "put the connection back into the configuration and replay the dead letter",
      });
    }
    const { source, settings } = connection;
    const { body, contentType, attributes } = message;
    const receivedAt = new Date(message.receivedAt);
    const reading = source.read({ body, contentType, receivedAt, attributes }, settings);
    return { ...reading, ...check(message, reading.facts, source.id), mapping: source.mapping };
  }

  #dead(message: StoredMessage, { code, reason, path }: Problem): void {
    const { connection, id } = message;
    this.#parts.metrics.deadLetters.inc({ connection, stage: "normalize" });
    this.#parts.log.warn("dead letter", {
      connection,
      message_id: id,
      code,
      reason,
      ...(path === undefined ? {} : { path }),
    });
  }
}

/** Facts that are not as the contract says never get to Odoo; the others of the message do. */
function check(message: StoredMessage, read: readonly ReadFact[], source: string): Checked {
  const checked: Checked = { facts: [], refused: [] };
  for (const [index, { fact, priority, lane }] of read.entries()) {
    const key = factKey(fact);
    const parsed = factType.safeParse({ ...fact, key, message: message.id });
    if (parsed.success) {
      const hash = laneHash(message.connection, lane);
      checked.facts.push({ fact: parsed.data, priority, laneHash: hash });
      continue;
    }
    const issue = parsed.error.issues[0];
    const problem: Problem = {
      code: "fact_invalid",
      reason: `Source ${source} read a fact (no. ${index + 1}, ${fact.kind}) that is not allowed: ${issue?.message ?? ""}`,
      path: `${fact.message_path ?? ""} → /${issue?.path.map(String).join("/") ?? ""}`,
      hint: "mend the mapping of the source, then replay",
    };
    checked.refused.push({ key, problem });
  }
  return checked;
}

function problemOf(error: unknown): Problem {
  if (error instanceof MilepostError) {
    return { code: error.code, reason: error.message, path: error.path, hint: error.hint };
  }
  return {
    code: "source_failed",
    reason: `The source failed: ${errorText(error)}`,
    hint: "this is a fault of the program: report it with the message, replay after the upgrade",
  };
}
