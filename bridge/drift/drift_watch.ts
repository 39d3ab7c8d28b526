/**
 * Looks at what the partners send for what nobody told us: fields that are new or gone, codes whose
 * share jumps. Told per connection (status, metrics, log) before somebody misses what is not read.
 *
 * It reads the stored messages once more, some of them when there are many, beside the work: the
 * way of a message to Odoo does not wait for it.
 */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import { FieldTracker, trackingReads } from "../sources/shared/reading/field_tracking.ts";
import { PROOF_NOTICE } from "../sources/shared/reading/proof_notice.ts";
import type { RawMessage } from "../sources/source.ts";
import type { Inbox } from "../store/inbox.ts";
import type { Properties } from "../store/store.ts";
import {
  acceptDone,
  accepted,
  type DriftState,
  isAcceptAsked,
  judged,
  keepFound,
  readState,
  writeState,
} from "./drift_state.ts";
import { note, type Said } from "./profile.ts";

const LOOK_MS = 600_000;
/** Of each connection in one look, the latest. */
const MOST_MESSAGES = 200;
/** Longer ones are files of many records; reading them twice costs more than it tells. */
const MOST_BYTES = 262_144;

export interface DriftParts {
  connections: readonly Connection[];
  inbox: Pick<Inbox, "find" | "message">;
  properties: Properties;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export class DriftWatch {
  readonly #parts: DriftParts;

  constructor(parts: DriftParts) {
    this.#parts = parts;
  }

  /** Looks until aborted, not at the start: then there is enough to do. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, connections } = this.#parts;
    await this.#attempt(undefined, () => this.tellKept());
    for (;;) {
      await clock.sleep(LOOK_MS, signal);
      if (signal.aborted) return;
      for (const connection of connections) {
        await this.#attempt(connection.code, () => this.look(connection, signal));
      }
    }
  }

  /** What a store that cannot be read or written keeps from being done now is done at the next look. */
  async #attempt(connection: string | undefined, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const named = connection === undefined ? {} : { connection };
      this.#parts.log.warn("drift not judged", { ...named, reason: errorText(error) });
    }
  }

  /** Tells what was found before the start; a connection that is configured no more has nothing. */
  async tellKept(): Promise<void> {
    const { connections, properties, metrics } = this.#parts;
    const codes = connections.map(({ code }) => code);
    const kept = await keepFound(properties, codes);
    for (const code of codes) metrics.drift.set({ connection: code }, kept[code]?.length ?? 0);
  }

  /** Counts what came since the last look, and judges it. */
  async look(connection: Connection, signal: AbortSignal): Promise<void> {
    const { properties, clock, log, metrics } = this.#parts;
    const { code } = connection;
    const now = clock.now().getTime();
    let state = await readState(properties, code, now);
    const asked = await isAcceptAsked(properties, code);
    if (asked) state = accepted(state, now);
    const known = state.found.length;
    await this.#count(connection, state, signal);
    if (signal.aborted) return;
    state = judged(state, now);
    await writeState(properties, code, state);
    if (asked) await acceptDone(properties, code);
    metrics.drift.set({ connection: code }, state.found.length);
    if (state.found.length > known) {
      const hint = `milepost drift show ${code}`;
      log.warn("a partner sends other things than before", {
        connection: code,
        count: state.found.length,
        hint,
      });
    }
  }

  async #count(connection: Connection, state: DriftState, signal: AbortSignal): Promise<void> {
    const { inbox } = this.#parts;
    const filter = { connection: connection.code, state: "read" as const, since: state.upTo };
    const fresh = await inbox.find(filter, MOST_MESSAGES);
    for (const { id, bytes, receivedAt, contentType } of fresh) {
      if (signal.aborted) return;
      state.upTo = Math.max(state.upTo, receivedAt + 1);
      // A notice is ours, not the partner's.
      const skip = bytes > MOST_BYTES || contentType === PROOF_NOTICE;
      const stored = skip ? null : await inbox.message(id);
      if (stored === null) continue;
      const raw = { ...stored, receivedAt: new Date(stored.receivedAt) };
      const said = await this.#saidBy(connection, raw);
      if (said !== undefined) note(state.window, said);
      await setImmediate();
    }
  }

  /** Nothing of a message that can be read no more: its dead letter says so. */
  async #saidBy(
    { code, source, settings }: Connection,
    raw: RawMessage,
  ): Promise<Said | undefined> {
    const tracker = new FieldTracker();
    try {
      const document = source.document?.(raw, settings);
      if (document !== undefined) tracker.track(document);
      const { facts } = await trackingReads(tracker, () => source.read(raw, settings));
      return { fields: tracker.paths(), codes: facts.flatMap(({ fact }) => codesOf(fact)) };
    } catch (error) {
      this.#parts.log.debug("drift: message not read", {
        connection: code,
        reason: errorText(error),
      });
      return undefined;
    }
  }
}

type Fact = Awaited<ReturnType<Connection["source"]["read"]>>["facts"][number]["fact"];

/** The partner's own codes of a fact, by its kind; those without any are told by their kind alone. */
function codesOf(fact: Fact): Said["codes"] {
  if (fact.kind === "milestone" || fact.kind === "charge") {
    return [{ of: fact.kind, code: fact.raw_code }];
  }
  if (fact.kind === "carrier_invoice") {
    return fact.lines.map(({ raw_code }) => ({ of: fact.kind, code: raw_code }));
  }
  return [{ of: fact.kind, code: "" }];
}
