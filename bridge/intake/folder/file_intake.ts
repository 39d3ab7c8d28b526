/**
 * Takes a partner's files, from a folder or an SFTP server, each exactly once.
 *
 * A file that has stopped growing is claimed by renaming it in place (of several bridges one
 * succeeds), read, stored in the inbox and only then moved to the archive. A crash leaves a
 * claimed file behind: the next start stores it again, which the inbox knows by name and content,
 * and archives it. Claims of a bridge that is gone are taken over after a while.
 */
import { createHash, webcrypto } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { FolderConfig } from "../../config.ts";
import type { Connection } from "../../connection.ts";
import { errorText, MilepostError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Metrics } from "../../metrics.ts";
import type { PauseBoard } from "../../pause_board.ts";
import { noRegularFile, type FileEntry, type Files } from "../../peer/files.ts";
import type { DiskGuard } from "../../store/disk_guard.ts";
import type { DeadLetters } from "../../store/dead_letters.ts";
import type { Inbox } from "../../store/inbox.ts";
import { contentTypeOf } from "./content_type.ts";
import {
  claimName,
  fitsPattern,
  isAddressable,
  isUnfinished,
  keptName,
  shortName,
  nameFault,
  parseClaim,
} from "./file_names.ts";
import { badName, empty, tellRefusal } from "./refused_file.ts";
import { Settling } from "./settling.ts";

/** Faults in a row after which the connection says that it is paused. */
const TOLERATED_FAULTS = 5;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Longer files are not checked before they are read. */
const MAX_CHECKED_BYTES = 1_000_000;
const { subtle } = webcrypto;

/** Which folders, and how files in them are told apart. */
export type FileIntakeConfig = Omit<FolderConfig, "in" | "archive" | "error" | "out"> &
  Record<"in" | "archive" | "error", string>;

export interface FileIntakeParts {
  connection: Connection;
  channel: "folder" | "sftp";
  files: Files;
  config: FileIntakeConfig;
  /** Eight hexadecimal digits that stay with the store: whose claims are ours. */
  owner: string;
  inbox: Inbox;
  deadLetters: DeadLetters;
  pauses: PauseBoard;
  disk: DiskGuard;
  /** Called after something new was committed. */
  onAccepted: () => void;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export class FileIntake {
  readonly #parts: FileIntakeParts;
  readonly #settling: Settling;
  readonly #intervalMs: number;
  /** Files that cannot be moved out of the way, told once. */
  readonly #told = new Set<string>();
  /** Claimed files that could not be taken yet, by their names, and why. */
  readonly #stuck = new Map<string, MilepostError>();
  #faults = 0;

  constructor(parts: FileIntakeParts) {
    this.#parts = parts;
    this.#settling = new Settling(parts.config.settle_seconds * 1000);
    this.#intervalMs = parts.config.interval_seconds * 1000;
  }

  /** Looks for files until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wait = await this.lookOnce(signal);
      await this.#parts.clock.sleep(wait, signal);
    }
  }

  /** One look at the folder; gives the milliseconds to wait before the next. */
  async lookOnce(signal: AbortSignal): Promise<number> {
    const { disk, pauses, connection } = this.#parts;
    if (disk.full) return this.#intervalMs;
    try {
      const fault = await this.#takeAll(signal);
      if (fault !== undefined) throw fault;
      this.#faults = 0;
      await pauses.resume("files", connection.code);
      return this.#intervalMs;
    } catch (error) {
      if (signal.aborted) return 0;
      return this.#afterFault(error);
    }
  }

  /** Takes what is ready; gives a fault that concerns one file only, the others are taken. */
  async #takeAll(signal: AbortSignal): Promise<MilepostError | undefined> {
    const { files, config, clock } = this.#parts;
    const entries = await files.list(config.in, signal);
    const there = new Set(entries.map(plainName));
    for (const name of this.#stuck.keys()) if (!there.has(name)) this.#stuck.delete(name);
    const candidates: FileEntry[] = [];
    for (const entry of entries) {
      await this.#alone(entry, async () => {
        if (await this.#isCandidate(entry, signal)) candidates.push(entry);
      });
    }
    const settled = this.#settling.settled(candidates, clock.steady());
    const isStuck = (it: FileEntry) => Number(this.#stuck.has(plainName(it)));
    // What failed before comes last: it must not hold up the others again.
    for (const entry of settled.toSorted((a, b) => isStuck(a) - isStuck(b))) {
      if (signal.aborted) break;
      await this.#alone(entry, async () => {
        await this.#take(entry, signal);
        this.#stuck.delete(plainName(entry));
      });
    }
    const [fault] = this.#stuck.values();
    return fault;
  }

  /**
   * Keeps a fault of one file from the others. A server that is not there, or that was silent about
   * a file that failed before, ends the look.
   */
  async #alone(entry: FileEntry, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const name = plainName(entry);
      if (!(error instanceof MilepostError)) throw error;
      const isSilent = error.code === "sftp_timeout" && !this.#stuck.has(name);
      if (error.code.startsWith("sftp_") && !isSilent) throw error;
      this.#stuck.set(name, error);
    }
  }

  async #isCandidate(entry: FileEntry, signal: AbortSignal): Promise<boolean> {
    const { config, clock, owner, files } = this.#parts;
    const { name, kind } = entry;
    if (kind === "folder") return false;
    const claim = parseClaim(name);
    if (claim !== undefined) {
      if (claim.owner === owner) return true;
      const now = clock.now().getTime();
      if (now - claim.at < config.claim_seconds * 1000) return false;
      const mine = claimName({ owner, at: now, name: claim.name });
      await files.rename(`${config.in}/${name}`, `${config.in}/${mine}`, signal);
      return false;
    }
    const fault = nameFault(name);
    if (fault === undefined && (isUnfinished(name) || !fitsPattern(name, config.pattern)))
      return false;
    if (fault !== undefined) await this.#refuse(name, badName(name, fault), signal);
    else if (kind !== "file") await this.#refuse(name, noRegularFile(name), signal);
    else return true;
    return false;
  }

  async #take({ name: listed, size }: FileEntry, signal: AbortSignal): Promise<void> {
    const { files, config, clock, owner } = this.#parts;
    let name = listed;
    let claimed = listed;
    const before = parseClaim(listed);
    if (before === undefined) {
      claimed = claimName({ owner, at: clock.now().getTime(), name });
      // Another bridge was faster.
      if (!(await files.rename(`${config.in}/${name}`, `${config.in}/${claimed}`, signal))) return;
    } else name = before.name;
    if (size === 0) return this.#refuse(claimed, empty(name), signal);
    let body: Buffer;
    try {
      body = await files.read(`${config.in}/${claimed}`, config.max_bytes, signal);
    } catch (error) {
      if (!(error instanceof MilepostError) || error.retry !== "never") throw error;
      return this.#refuse(claimed, error, signal);
    }
    // It grew after all: the claimed file settles again before it is read again.
    if (body.length !== size) return;
    await this.#store(name, claimed, body, signal);
  }

  async #store(name: string, claimed: string, body: Buffer, signal: AbortSignal): Promise<void> {
    const { connection, channel, inbox, config, clock, metrics, log } = this.#parts;
    const contentType = config.content_type ?? contentTypeOf(name, body);
    // Off the event loop: a hundred megabytes take a while.
    const sha256 = Buffer.from(await subtle.digest("SHA-256", body)).toString("hex");
    const receivedAt = clock.now();
    const attributes = { file: name };
    const [acceptance] = await inbox.accept([
      {
        connection: connection.code,
        channel,
        contentType,
        body,
        attributes,
        dedupeKey: createHash("sha256").update(`${name}\0${sha256}`).digest("hex"),
        receivedAt: receivedAt.getTime(),
      },
    ]);
    const result = acceptance?.duplicate === true ? "duplicate" : "accepted";
    metrics.inboxMessages.inc({ connection: connection.code, channel, result });
    if (result === "accepted") this.#parts.onAccepted();
    log.info("file taken", {
      connection: connection.code,
      code: result,
      path: name,
      ...(acceptance === undefined ? {} : { message_id: acceptance.id }),
    });
    const readable = this.#isReadable({ body, contentType, receivedAt, attributes });
    const folder = readable ? config.archive : config.error;
    await this.#keep(claimed, folder, keptName(name, receivedAt, sha256), signal);
  }

  /** Moves a file out of the way; where its name is too long for that place, under a short one. */
  async #keep(from: string, folder: string, kept: string, signal: AbortSignal): Promise<boolean> {
    const { files, config } = this.#parts;
    const move = (name: string) =>
      files.rename(`${config.in}/${from}`, `${folder}/${name}`, signal);
    try {
      return await move(kept);
    } catch (error) {
      const short = shortName(kept);
      if (!(error instanceof MilepostError) || error.code !== "file_failed") throw error;
      if (short === kept) throw error;
      return await move(short);
    }
  }

  /**
   * The inbox has it either way, with a dead letter to mend and replay; the folders say it too.
   * Checking a long file would hold up everything else: those are read in parts, later.
   */
  #isReadable(message: Parameters<Connection["source"]["check"]>[0]): boolean {
    const { source, settings } = this.#parts.connection;
    if (message.body.length > MAX_CHECKED_BYTES) return true;
    try {
      source.check(message, settings);
      return true;
    } catch (error) {
      return error instanceof MilepostError && error.retry === "quarantine";
    }
  }

  /** Out of the way into the error folder, with a dead letter that says why, once. */
  async #refuse(listed: string, error: MilepostError, signal: AbortSignal): Promise<void> {
    const { config, clock } = this.#parts;
    const name = plainName({ name: listed });
    if (!this.#told.has(listed)) await tellRefusal(this.#parts, name, error);
    this.#told.add(listed);
    const stamp = createHash("sha256").update(name).digest("hex");
    const kept = keptName(name, clock.now(), stamp);
    if (isAddressable(listed) && (await this.#keep(listed, config.error, kept, signal))) {
      this.#told.delete(listed);
      this.#stuck.delete(name);
    }
  }

  async #afterFault(error: unknown): Promise<number> {
    const { connection, pauses, log, metrics } = this.#parts;
    const fault = error instanceof MilepostError ? error : undefined;
    const code = fault?.code ?? "unexpected";
    this.#faults++;
    metrics.retries.inc({ code });
    log.warn("files not taken", {
      connection: connection.code,
      code,
      reason: errorText(error),
      attempt: this.#faults,
    });
    if (fault?.retry === "pause" || this.#faults >= TOLERATED_FAULTS) {
      await pauses.pause("files", connection.code, error);
    }
    return Math.min(this.#intervalMs * 2 ** Math.min(this.#faults, 6), LONGEST_WAIT_MS);
  }
}

/** What the partner called it, claimed or not. */
function plainName({ name }: Pick<FileEntry, "name">): string {
  return parseClaim(name)?.name ?? name;
}
