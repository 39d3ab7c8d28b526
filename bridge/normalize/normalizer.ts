/**
 * Reads stored messages into facts. Reading is pure and facts have keys, so a message that is read
 * twice (after a crash, after a mapping was mended) changes nothing twice; what a newer reading
 * no longer gives is withdrawn.
 */
import { keyedFact } from "../canonical/checked_fact.ts";
import { factKey } from "../canonical/fact_key.ts";
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError, type Problem, problemOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { setImmediate } from "node:timers/promises";
import { laneOf } from "../queue/lane.ts";
import type { Wake } from "../wake.ts";
import type { ProofLink } from "../canonical/proof_link.ts";
import type { Finding, ReadFact, Reply } from "../canonical/reading.ts";
import type { ProofLinks } from "../store/proof_links.ts";
import type { Inbox, ReadScope, StoredMessage } from "../store/inbox.ts";
import type { DeadLetters } from "../store/dead_letters.ts";
import type { NewFact } from "../store/facts.ts";
import { capFindings } from "./findings.ts";
import { readingsOf } from "./readings.ts";

/** Read at once: enough to fill a batch, few enough to leave the event loop its turn. */
const GROUP = 50;
/** A poll's answer may have many megabytes: a group is never more than this, or one message. */
const GROUP_BYTES = 32_000_000;
/** A long message's facts are committed in parts of about this size, so that no commit is long. */
const PART_FACTS = 500;
/** Reading goes on for this long before other work gets its turn. */
const TURN_MS = 20;
/** Parts of one message that get a dead letter of their own. */
const MAX_LOST = 50;
/** Looks for work this often when no wake-up arrives (another process may have put messages back). */
const SWEEP_MS = 1000;

export interface NormalizerParts {
  inbox: Inbox;
  deadLetters: Pick<DeadLetters, "write">;
  proofLinks: Pick<ProofLinks, "add">;
  connections: ReadonlyMap<string, Connection>;
  wake: Wake;
  /** Whose messages; everybody's when not given. */
  scope?: ReadScope;
  /** Called after facts were committed. */
  onFacts: () => void;
  /** Called after replies were committed. */
  onReplies?: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

/** Output read so far and not yet committed. */
interface PendingReading {
  facts: NewFact[];
  findings: Finding[];
  replies: Reply[];
  links: ProofLink[];
  /** What reads it; a part's facts leave for Odoo with it before the message is read to its end. */
  mapping: string;
  /** Which reading of the message this is: what only earlier ones gave is withdrawn at its end. */
  pass: number;
}

export class Normalizer {
  readonly #parts: NormalizerParts;
  #turnSince = 0;

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
    const { inbox, scope } = this.#parts;
    const messages = await inbox.unread(GROUP, GROUP_BYTES, scope);
    const inserted = await Promise.all(messages.map((message) => this.#read(message)));
    if (inserted.some((count) => count > 0)) this.#parts.onFacts();
    return messages.length;
  }

  async #read(message: StoredMessage): Promise<number> {
    const { inbox, metrics } = this.#parts;
    const start = performance.now();
    // A message that has a mapping was read before, at least in part.
    const pass = message.mapping === null ? 1 : message.pass + 1;
    const pending: PendingReading = {
      facts: [],
      findings: [],
      replies: [],
      links: [],
      mapping: "",
      pass,
    };
    let inserted = 0;
    const parts = this.#interpret(message, pending);
    for (;;) {
      let mapping: string | undefined;
      await this.#turns();
      try {
        const step = await parts.next();
        if (step.done === true) mapping = step.value;
      } catch (error) {
        inserted += await this.#setAside(message, error, pending);
        return inserted;
      }
      if (mapping !== undefined) {
        inserted += await this.#finish(message, mapping, pending);
        metrics.stage.observe({ stage: "normalize" }, (performance.now() - start) / 1000);
        return inserted;
      }
      if (pending.facts.length >= PART_FACTS) {
        const facts = pending.facts.splice(0);
        const counts = await inbox.recordPart(message.id, pending.mapping, facts, pass);
        inserted += counts.inserted;
        if (counts.inserted > 0) this.#parts.onFacts();
      }
    }
  }

  /** Lets other work have its turn, however many messages are read at once. */
  async #turns(): Promise<void> {
    while (performance.now() - this.#turnSince > TURN_MS) {
      const seen = this.#turnSince;
      await setImmediate();
      if (this.#turnSince === seen) this.#turnSince = performance.now();
    }
  }

  /**
   * A message that nothing more can be read from: a dead letter, or, in an unknown version,
   * quarantine. What of a file was read before its part in an unknown version is not held back.
   */
  async #setAside(
    message: StoredMessage,
    error: unknown,
    pending: PendingReading,
  ): Promise<number> {
    const { inbox, clock, metrics, log } = this.#parts;
    const problem = problemOf(error, sourceFailed);
    const at = clock.now().getTime();
    if (!(error instanceof MilepostError) || error.retry !== "quarantine") {
      await inbox.recordUnreadable(message.id, problem, at);
      this.#dead(message, problem);
      return 0;
    }
    const { connection, id } = message;
    const { facts, mapping, pass } = pending;
    const { inserted } =
      facts.length === 0 ? { inserted: 0 } : await inbox.recordPart(id, mapping, facts, pass);
    await inbox.recordQuarantined(id, problem, at);
    metrics.quarantined.inc({ connection });
    log.warn("quarantine", {
      connection,
      message_id: id,
      code: problem.code,
      reason: problem.reason,
    });
    return inserted;
  }

  async #finish(message: StoredMessage, mapping: string, pending: PendingReading): Promise<number> {
    const { inbox, clock, metrics } = this.#parts;
    const { facts, findings, replies, links, pass } = pending;
    const at = clock.now().getTime();
    const kept = capFindings(findings);
    // Before the message counts as read: after a crash they are written again, never not at all.
    await this.#writeLost(message, findings, at);
    if (links.length > 0) {
      await this.#parts.proofLinks.add(message.connection, message.id, links, at);
    }
    const { inserted } = await inbox.recordReading(
      message.id,
      mapping,
      facts,
      kept,
      at,
      replies,
      pass,
    );
    for (const { severity } of findings) {
      metrics.findings.inc({ connection: message.connection, severity });
    }
    if (replies.length > 0) this.#parts.onReplies?.();
    return inserted;
  }

  /** What of a message gave nothing is a dead letter with its place; the rest of it goes on. */
  async #writeLost(
    { id, connection }: StoredMessage,
    findings: readonly Finding[],
    createdAt: number,
  ): Promise<void> {
    const { deadLetters, metrics, log } = this.#parts;
    const lost = findings.filter((it) => it.lost === true);
    const letters = lost
      .slice(0, MAX_LOST)
      .map(({ code, path, text }) => ({ code, path, reason: text }));
    const more = lost.length - letters.length;
    if (more > 0) {
      letters.push({ code: "more_findings", path: "", reason: `${more} more parts were not read` });
    }
    for (const { code, path, reason } of letters) {
      const hint = "have the partner mend it, or mend the mapping; then replay";
      const problem = { code, reason, path, hint };
      const about = { messageId: id, factKey: null, orderId: null };
      metrics.deadLetters.inc({ connection, stage: "normalize" });
      log.warn("dead letter", { connection, message_id: id, code, reason, path });
      await deadLetters.write({
        connection,
        stage: "normalize",
        ...about,
        problem,
        attempts: 1,
        createdAt,
      });
    }
  }

  /** Reads into `pending`, a few facts between two yields; gives the mapping that read it. */
  async *#interpret(message: StoredMessage, pending: PendingReading): AsyncGenerator<void, string> {
    const connection = this.#parts.connections.get(message.connection);
    if (connection === undefined) {
      throw new MilepostError(`There is no connection "${message.connection}" any more`, {
        code: "connection_unknown",
        retry: "never",
        hint: "put the connection back into the configuration and replay the dead letter",
      });
    }
    const { mapping, readings } = await readingsOf(connection, message);
    pending.mapping = mapping;
    for (const reading of readings) {
      pending.mapping = reading.mapping ?? pending.mapping;
      pending.findings.push(...reading.findings);
      pending.replies.push(...(reading.replies ?? []));
      pending.links.push(...(reading.links ?? []));
      for (let from = 0; from < reading.facts.length; from += PART_FACTS) {
        pending.facts.push(...keyed(message, reading.facts.slice(from, from + PART_FACTS)));
        yield;
      }
      yield;
    }
    return pending.mapping;
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

/** Facts as they are stored: with their key, their message and their lane. */
function keyed({ id, connection }: StoredMessage, read: readonly ReadFact[]): NewFact[] {
  return read.map(({ fact, priority, lane }) => ({
    fact: keyedFact(fact, factKey(fact), id),
    priority,
    laneHash: laneOf(connection, fact, lane),
  }));
}

function sourceFailed(text: string): Problem {
  return {
    code: "source_failed",
    reason: `The source failed: ${text}`,
    hint: "this is a fault of the program: report it with the message, replay after the upgrade",
  };
}
