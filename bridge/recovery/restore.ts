/**
 * Taking a backup back, on an empty data directory; and what came in between it and now: what is
 * fetched again by itself, and whom to ask for the rest.
 */
import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { chown, copyFile, mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { CopyFacts, StoreCopies } from "../store/copy_facts.ts";
import { KEY_FILE } from "../store/key_file.ts";
import { backupSecret, backupVault } from "./backup.ts";
import { openFile, readHeader } from "./sealed_file.ts";

type Settings = Pick<Config, "backup" | "data_dir" | "environment" | "connections">;

/** A backup that was opened and read through. */
export interface OpenedCopy extends CopyFacts {
  file: string;
  /** When it was taken; of a copy before a migration, when that ran. */
  taken_at: string;
  /** The store's own keys, when the bridge made them. */
  ownKeys: string | undefined;
}

/**
 * Opens a backup, or a copy that was made before a migration, into a file and reads it through.
 * Throws `backup_unreadable`, `backup_key`, `backup_damaged`, and `environment_mismatch` when it
 * is of another environment than the configuration.
 */
async function openCopy(
  file: string,
  target: string,
  settings: Settings,
  copies: StoreCopies,
): Promise<OpenedCopy> {
  if (!existsSync(file)) throw unreadable(file, "it is not there");
  let taken_at = (await stat(file)).mtime.toISOString();
  let ownKeys: string | undefined;
  if (await isPlain(file)) await copyFile(file, target);
  else {
    const header = await openFile(file, target, backupSecret(settings));
    taken_at = String(header["taken_at"]);
    const sealed = header["own_keys"];
    if (typeof sealed === "string") ownKeys = backupVault(settings).openText(KEY_FILE, sealed);
  }
  const facts = copies.inspect(target);
  const { environment } = facts;
  if (environment !== null && environment !== settings.environment) {
    throw new MilepostError(
      `The copy is of environment "${environment}", the configuration of "${settings.environment}"`,
      {
        code: "environment_mismatch",
        retry: "pause",
        path: "environment",
        hint: "production's messages belong into production: take the configuration that fits",
      },
    );
  }
  return { file, taken_at, ownKeys, ...facts };
}

/** Opens it in a place that goes again: is it whole, and what is in it? */
export async function checkCopy(
  file: string,
  settings: Settings,
  copies: StoreCopies,
): Promise<OpenedCopy> {
  const work = await mkdtemp(join(tmpdir(), "milepost-check-"));
  try {
    return await openCopy(file, join(work, "copy"), settings, copies);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * Puts the copy into the data directory, which holds no store yet. Files get the directory's owner,
 * so that root may restore for the user milepost. Throws `restore_target` when a store is there.
 */
export async function restoreCopy(
  file: string,
  settings: Settings,
  copies: StoreCopies,
): Promise<OpenedCopy> {
  const { data_dir } = settings;
  mkdirSync(data_dir, { recursive: true, mode: 0o750 });
  if (copies.has(data_dir)) {
    throw new MilepostError(`${data_dir} holds a store already`, {
      code: "restore_target",
      retry: "never",
      path: "data_dir",
      hint: "move its files away first (keep them: they may be asked for what the copy lacks)",
    });
  }
  const work = await mkdtemp(join(data_dir, ".restoring-"));
  try {
    const opened = join(work, "copy");
    const copy = await openCopy(file, opened, settings, copies);
    const keys = join(data_dir, KEY_FILE);
    if (copy.ownKeys !== undefined && !existsSync(keys)) {
      await writeFile(keys, copy.ownKeys, { mode: 0o600 });
      await giveTo(keys, data_dir);
    }
    await giveTo(opened, data_dir);
    renameSync(opened, join(data_dir, copies.fileName));
    const handle = await open(data_dir);
    await handle.sync();
    await handle.close();
    return copy;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What may be missing in a store that was restored, of one connection and way in. */
export interface Missing {
  connection: string;
  way: string;
  /** From when on: the last thing that the copy knows, or when it was taken. */
  since: string;
  /** True: the bridge fetches it again by itself. */
  byItself: boolean;
  todo: string;
}

/** What came in after the copy was taken and is not in it. */
export function missingSince(
  copy: Pick<OpenedCopy, "taken_at" | "polls">,
  config: Settings,
): Missing[] {
  return config.connections.flatMap(({ code, webhook, poll, folder, sftp, orders, ...ways }) => {
    const of = (way: string, byItself: boolean, todo: string, since = copy.taken_at): Missing => ({
      connection: code,
      way,
      since,
      byItself,
      todo,
    });
    const polled = copy.polls.find((it) => it.connection === code);
    const cursor = polled === undefined ? copy.taken_at : new Date(polled.at).toISOString();
    const isSent = ways.peer ?? folder?.out ?? sftp?.out;
    return [
      ...(webhook?.enabled === true
        ? [of("webhook", false, "ask the partner to send again what it sent since then")]
        : []),
      ...(poll?.enabled === true
        ? [of("poll", true, "polled again from the copy's cursor on", cursor)]
        : []),
      ...(folder?.enabled === true
        ? [of("folder", false, "milepost restore --files takes them back from the archive")]
        : []),
      ...(sftp?.enabled === true
        ? [of("sftp", false, `move the files since then from ${sftp.archive} back to ${sftp.in}`)]
        : []),
      ...(orders.enabled && isSent !== undefined
        ? [
            of(
              "orders",
              true,
              "those not acknowledged in Odoo are claimed and sent again, with the same key",
            ),
          ]
        : []),
    ];
  });
}

/** A file in an archive, `20261123T080000Z-1a2b3c4d-<name>`: when it was taken, and its name. */
const ARCHIVED = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f]{8}-(.+)$/s;

/**
 * Lays the files that were archived since back into the folders that they came from; gives their
 * places. The inbox knows those that the copy holds, so that none is taken twice.
 */
export async function layFilesBack(since: Date, { connections }: Settings): Promise<string[]> {
  const laid: string[] = [];
  for (const { folder } of connections) {
    if (folder?.in === undefined || folder.archive === undefined) continue;
    for (const name of await readdir(folder.archive)) {
      const [, year, month, day, hour, minute, second, before] = ARCHIVED.exec(name) ?? [];
      if (before === undefined) continue;
      const taken = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
      const target = join(folder.in, before);
      if (taken + 1000 < since.getTime() || existsSync(target)) continue;
      await copyFile(join(folder.archive, name), target);
      await giveTo(target, folder.in);
      laid.push(target);
    }
  }
  return laid;
}

async function giveTo(file: string, directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(directory);
  await chown(file, uid, gid);
}

async function isPlain(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(15), 0, 15, 0);
    if (buffer.toString("latin1") === "SQLite format 3") return true;
  } finally {
    await handle.close();
  }
  await readHeader(file);
  return false;
}

function unreadable(file: string, why: string): MilepostError {
  return new MilepostError(`${file} cannot be read: ${why}`, {
    code: "backup_unreadable",
    retry: "never",
    culprit: file,
  });
}
