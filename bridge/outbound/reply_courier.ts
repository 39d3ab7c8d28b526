/**
 * Takes a connection's replies (997, CONTRL, APERAK) to where the partner looks for them.
 *
 * A reply is a file with a name of its own: after a crash it is sent again and replaces itself.
 */
import type { Clock } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";
import type { PauseBoard } from "../pause_board.ts";
import { retryDelayMs } from "../queue/retry_policy.ts";
import type { Wake } from "../wake.ts";
import type { Replies, ReplyRow } from "../store/replies.ts";

const LIMIT = 50;
/** Looks for due replies this often when no wake-up arrives. */
const SWEEP_MS = 5000;
/** After a cause that people must mend: tried again this much later, and it does not count. */
const PAUSED_MS = 60_000;

export interface ReplyCourierParts {
  connection: Connection;
  replies: Replies;
  pauses: PauseBoard;
  wake: Wake;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export class ReplyCourier {
  readonly #parts: ReplyCourierParts;
  readonly #code: string;

  constructor(parts: ReplyCourierParts) {
    this.#parts = parts;
    this.#code = parts.connection.code;
  }

  /** Sends until `stop`; the one under way is finished unless `hard` aborts it. */
  async run(stop: AbortSignal, hard: AbortSignal): Promise<void> {
    const { wake, log } = this.#parts;
    while (!stop.aborted) {
      try {
        if (await this.sendSome(stop, hard)) continue;
      } catch (error) {
        log.error("replies failed", { connection: this.#code, reason: errorText(error) });
      }
      await wake.wait(SWEEP_MS, stop);
    }
  }

  /** Sends what is due, one after the other; true when more may be due at once. */
  async sendSome(stop: AbortSignal, hard: AbortSignal): Promise<boolean> {
    const { replies, clock } = this.#parts;
    const due = await replies.due(this.#code, clock.steady(), LIMIT);
    for (const reply of due) {
      if (stop.aborted || !(await this.#send(reply, hard))) return false;
    }
    return due.length === LIMIT;
  }

  /** False when the others need not be tried now. */
  async #send(reply: ReplyRow, signal: AbortSignal): Promise<boolean> {
    const { connection, replies, clock, pauses, metrics, log } = this.#parts;
    const { id, name, contentType, body, messageId } = reply;
    try {
      if (connection.peer === undefined) throw noWay(this.#code);
      const headers = { "content-type": contentType };
      await connection.peer.request(
        { method: "PUT", path: `/${encodeURIComponent(name)}`, headers, body },
        signal,
      );
    } catch (error) {
      if (signal.aborted) return false;
      return this.#afterFault(reply, error);
    }
    await replies.recordSent(id, clock.now().getTime());
    metrics.replies.inc({ connection: this.#code, result: "sent" });
    await pauses.resume("replies", this.#code);
    log.info("reply sent", { connection: this.#code, message_id: messageId });
    return true;
  }

  async #afterFault(reply: ReplyRow, error: unknown): Promise<boolean> {
    const { replies, clock, pauses, metrics, log } = this.#parts;
    const fault = error instanceof MilepostError ? error : undefined;
    const code = fault?.code ?? "unexpected";
    const reason = errorText(error);
    const attempt = reply.attempts + 1;
    log.warn("reply not sent", {
      connection: this.#code,
      message_id: reply.messageId,
      attempt,
      code,
      reason,
    });
    metrics.retries.inc({ code });
    if (fault?.retry === "pause") {
      await pauses.pause("replies", this.#code, error);
      await replies.recordDelay(reply.id, clock.steady() + PAUSED_MS, false);
      return false;
    }
    const delay = fault?.retry === "later" ? retryDelayMs(attempt, fault.retryAfterMs) : null;
    if (delay !== null) {
      await replies.recordDelay(reply.id, clock.steady() + delay, true);
      return false;
    }
    const hint = "mend the cause, then replay the dead letter: the reply is sent again";
    const problem = { code, reason: `Reply ${reply.name}: ${reason}`, path: fault?.path, hint };
    await replies.recordDead(reply.id, problem, clock.now().getTime());
    metrics.replies.inc({ connection: this.#code, result: "dead" });
    metrics.deadLetters.inc({ connection: this.#code, stage: "outbound" });
    return true;
  }
}

function noWay(connection: string): MilepostError {
  return new MilepostError(`There is no way to send replies to the partner of ${connection}`, {
    code: "reply_no_way",
    retry: "pause",
    culprit: connection,
    hint: "give the connection folder.out, sftp.out or a peer",
  });
}
