/** What needs somebody: what it is, since when, and what to do. Out of the status, nothing else. */
import type { Advice, Status } from "./status_type.ts";

/** Facts of this priority are money that waits; the others may take longer. */
const URGENT = "billing";
const URGENT_SECONDS = 60;
const PATIENT_SECONDS = 900;
/** Younger copies are no cause to worry: a timer makes one a day. */
const BACKUP_SECONDS = 36 * 3600;

/** The most pressing first. `now` is the wall clock. */
export function adviceOf(status: Omit<Status, "advice">, now: Date): Advice[] {
  return [
    ...ofPauses(status),
    ...ofWaiting(status, now),
    ...ofDeadLetters(status),
    ...ofQuarantine(status),
    ...ofUnanswered(status),
    ...ofDrift(status),
    ...ofProofs(status),
    ...ofDifferences(status),
    ...ofReplies(status, now),
    ...ofCopies(status, now),
  ];
}

function ofPauses({ pauses }: Pick<Status, "pauses">): Advice[] {
  return pauses.map(({ scope, connection, code, reason, hint, since }) => ({
    what: `${scope}${connection === "" ? "" : ` of ${connection}`} is paused: ${reason} [${code}]`,
    since,
    todo: hint ?? `docs/errors.md explains ${code}; it goes on by itself once that is mended`,
  }));
}

function ofWaiting({ queue, pauses }: Pick<Status, "queue" | "pauses">, now: Date): Advice[] {
  const isPaused = pauses.some(({ scope }) => ["odoo", "delivery", "store"].includes(scope));
  return queue
    .filter(({ priority, oldest_seconds }) => {
      return oldest_seconds > (priority === URGENT ? URGENT_SECONDS : PATIENT_SECONDS);
    })
    .map(({ state, priority, count, oldest_seconds }) => ({
      what: `${count} facts (${priority}) are ${state.replace("_", " ")} and not in Odoo`,
      since: ago(now, oldest_seconds),
      todo: isPaused
        ? "they go on once the cause is mended"
        : "does the bridge run? milepost doctor says what is in the way",
    }));
}

function ofDeadLetters({ dead_letters }: Pick<Status, "dead_letters">): Advice[] {
  return dead_letters.map(({ connection, stage, count, since }) => ({
    what: `${count} dead letters of ${connection} (${stage})`,
    since,
    todo: `milepost dead-letter list --connection ${connection} --stage ${stage}; mend the cause, then dead-letter replay`,
  }));
}

function ofQuarantine({ quarantine }: Pick<Status, "quarantine">): Advice[] {
  return quarantine.map(({ connection, count, since }) => ({
    what: `${count} messages of ${connection} in a version, or of parties, that are not known`,
    since,
    todo: `milepost quarantine list --connection ${connection}; release them once the settings or the mapping know them`,
  }));
}

function ofUnanswered({ unanswered }: Pick<Status, "unanswered">): Advice[] {
  return unanswered.map(({ connection, count, since }) => ({
    what: `${count} orders to ${connection} lack an answer that is overdue`,
    since,
    todo: "Work Queue in Odoo names them, kind Order Unanswered; ask the partner whether they arrived",
  }));
}

function ofProofs({ proofs }: Pick<Status, "proofs">): Advice[] {
  return proofs.map(({ connection, count, since }) => ({
    what: `${count} proofs of ${connection} behind a link were not fetched`,
    since,
    todo: `milepost proofs list ${connection}; mend the cause (proof_links of the connection, or the partner), then proofs fetch`,
  }));
}

function ofDifferences({ differences }: Pick<Status, "differences">): Advice[] {
  return differences.map(({ connection, count, since }) => ({
    what: `${count} orders differ between Odoo and the partner of ${connection}`,
    since,
    todo: `milepost compare ${connection}; then milepost compare ${connection} --repair ID, or Repair on the order in Odoo`,
  }));
}

function ofDrift({ drift }: Pick<Status, "drift">): Advice[] {
  return drift.map(({ connection, count, since, first }) => ({
    what: `messages of ${connection} changed (${count}): ${first}`,
    since,
    todo: `milepost drift show ${connection}; mend the mapping, or milepost drift accept ${connection}`,
  }));
}

function ofReplies({ replies }: Pick<Status, "replies">, now: Date): Advice[] {
  return replies
    .filter(({ state, oldest_seconds }) => state === "waiting" && oldest_seconds > PATIENT_SECONDS)
    .map(({ connection, count, oldest_seconds }) => ({
      what: `${count} replies to ${connection} are not sent`,
      since: ago(now, oldest_seconds),
      todo: "is the partner's way in (peer, folder.out, sftp.out) reachable? milepost doctor",
    }));
}

function ofCopies({ backup, restored }: Pick<Status, "backup" | "restored">, now: Date): Advice[] {
  const advice: Advice[] = [];
  if (restored !== null) {
    advice.push({
      what: `the store was restored from a copy of ${restored.copy_of}: what came in between is missing`,
      since: restored.at,
      todo: "milepost restore --missing says whom to ask; milepost restore --settled when that is done",
    });
  }
  if (backup === null) {
    const todo = "milepost backup; the package's timer makes one each night";
    advice.push({ what: "there is no backup of this store", since: null, todo });
  } else if (now.getTime() - Date.parse(backup.at) > BACKUP_SECONDS * 1000) {
    const todo = "milepost backup says what is in its way; is milepost-backup.timer enabled?";
    advice.push({ what: "the last backup is old", since: backup.at, todo });
  }
  return advice;
}

function ago(now: Date, seconds: number): string {
  return new Date(now.getTime() - seconds * 1000).toISOString();
}
