/** Files that are not taken: why, and how people learn of it. */
import type { Clock } from "../../clock.ts";
import type { Connection } from "../../connection.ts";
import { MilepostError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Metrics } from "../../metrics.ts";
import type { DeadLetters } from "../../store/dead_letters.ts";

interface Parts {
  connection: Connection;
  channel: string;
  config: { error: string };
  clock: Clock;
  deadLetters: DeadLetters;
  metrics: Metrics;
  log: Logger;
}

/** A dead letter, a line of the log and a count; the file itself goes to the error folder. */
export async function tellRefusal(
  { connection, channel, config, clock, deadLetters, metrics, log }: Parts,
  name: string,
  error: MilepostError,
): Promise<void> {
  const { code, message: reason } = error;
  const hint = error.hint ?? "have the partner send it again under a plain name";
  log.warn("file refused", { connection: connection.code, code, reason, path: name });
  metrics.inboxMessages.inc({ connection: connection.code, channel, result: "refused" });
  metrics.deadLetters.inc({ connection: connection.code, stage: "normalize" });
  await deadLetters.write({
    connection: connection.code,
    stage: "normalize",
    messageId: null,
    factKey: null,
    orderId: null,
    problem: { code, reason, hint: `${hint}; it lies in ${config.error}` },
    attempts: 1,
    createdAt: clock.now().getTime(),
  });
}

export function badName(name: string, fault: string): MilepostError {
  return new MilepostError(`The file name ${JSON.stringify(name.slice(0, 100))} is ${fault}`, {
    code: "file_bad_name",
    retry: "never",
    culprit: name,
  });
}

export function empty(name: string): MilepostError {
  return new MilepostError(`${name} is empty`, {
    code: "file_empty",
    retry: "never",
    culprit: name,
    hint: "ask the partner whether something was lost",
  });
}
