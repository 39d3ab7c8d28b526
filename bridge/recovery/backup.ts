/**
 * A backup: a copy of the store while the bridge writes, read through, sealed, opened again and
 * compared, and only then under its name. Older ones go when a newer one is there.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { StoreCopies } from "../store/copy_facts.ts";
import { KEY_FILE } from "../store/key_file.ts";
import { Vault } from "../store/vault.ts";
import { VERSION } from "../version.ts";
import { openFile, sealFile, sha256Of } from "./sealed_file.ts";

const DAY_MS = 86_400_000;
/** Folders in which a backup is made; what a run that was killed left there goes after a day. */
const MAKING = ".making-";
/** The copy, its sealed form and the one that is opened to compare. */
const ROOM = 3;

export interface BackupResult {
  file: string;
  /** When the copy was taken. */
  at: string;
  /** Of the sealed file. */
  bytes: number;
  /** Rows by table. */
  counts: Record<string, number>;
  seconds: number;
  /** Older backups that went. */
  removed: string[];
}

/**
 * Makes a backup. Throws `backup_no_key`, `backup_no_room`, `backup_damaged`; then there is no
 * half file, and the older ones stay.
 */
export async function makeBackup(
  config: Pick<Config, "backup" | "data_dir">,
  copies: StoreCopies,
  now: () => Date = () => new Date(),
): Promise<BackupResult> {
  const { dir, keep_days, keep_at_least } = config.backup;
  const secret = backupSecret(config);
  const start = performance.now();
  makeDirectory(dir);
  await removeLeftovers(dir, now().getTime() - DAY_MS);
  checkRoom(config.data_dir, dir, copies.fileName);
  const work = await mkdtemp(join(dir, MAKING));
  try {
    const at = now();
    const copy = join(work, "copy");
    await copies.copy(config.data_dir, copy);
    const { schema, environment, counts } = copies.inspect(copy);
    const bundle = { taken_at: at.toISOString(), milepost: VERSION, schema, environment, counts };
    const sealed = join(work, "sealed");
    const own = ownKeys(config);
    const header = await sealFile(copy, sealed, secret, { ...bundle, ...own });
    const opened = join(work, "opened");
    await openFile(sealed, opened, secret);
    if ((await sha256Of(opened)) !== header.sha256) throw new Error("what was sealed differs");
    const stamp = at.toISOString().replace(/[-:]|\.\d+/g, "");
    const file = join(dir, `milepost-${environment ?? "none"}-${stamp}.mpb`);
    await rename(sealed, file);
    await syncDirectory(dir);
    const before = at.getTime() - keep_days * DAY_MS;
    const removed = await prune(dir, environment ?? "none", before, keep_at_least);
    const { size: bytes } = await stat(file);
    const seconds = Math.round(performance.now() - start) / 1000;
    return { file, at: at.toISOString(), bytes, counts, seconds, removed };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The secret that backups are sealed with. */
export function backupSecret({ backup }: Pick<Config, "backup">): string {
  if (backup.key !== undefined) return backup.key.reveal();
  throw new MilepostError("There is no key for backups", {
    code: "backup_no_key",
    retry: "pause",
    path: "backup.key",
    hint: "milepost keys new prints one; name it under backup.key and keep a copy of it elsewhere",
  });
}

/** The names of this environment's backups, the newest first. */
async function backupsIn(dir: string, environment: string): Promise<string[]> {
  const names = existsSync(dir) ? await readdir(dir) : [];
  const own = new RegExp(`^milepost-${environment}-\\d{8}T\\d{6}Z\\.mpb$`);
  return names.filter((name) => own.test(name)).toSorted((a, b) => (a < b ? 1 : -1));
}

/**
 * The store's own keys go with it when the bridge made them, sealed for the backup's key: without
 * them a restored store could not be read. Keys of the configuration stay where they are.
 */
function ownKeys(config: Pick<Config, "backup" | "data_dir">): { own_keys?: string } {
  const file = join(config.data_dir, KEY_FILE);
  if (!existsSync(file)) return {};
  return { own_keys: backupVault(config).sealText(KEY_FILE, readFileSync(file, "utf8")) };
}

/** Seals and opens single texts with the key of the backups. */
export function backupVault({ backup }: Pick<Config, "backup">): Vault {
  return new Vault(backup.key === undefined ? [] : [{ id: "backup", key: backup.key }]);
}

function makeDirectory(dir: string): void {
  try {
    if (existsSync(dir)) return;
    mkdirSync(dir, { recursive: true, mode: 0o750 });
    chmodSync(dir, 0o750);
  } catch (error) {
    throw new MilepostError(`backup.dir ${dir} cannot be made: ${(error as Error).message}`, {
      code: "backup_dir",
      retry: "pause",
      path: "backup.dir",
      hint: "make it for the user milepost, or name another",
    });
  }
}

function checkRoom(dataDir: string, dir: string, fileName: string): void {
  const file = join(dataDir, fileName);
  const size = existsSync(file) ? statSync(file).size : 0;
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize > size * ROOM) return;
  throw new MilepostError(`backup.dir ${dir} has no room for a copy of ${size} bytes`, {
    code: "backup_no_room",
    retry: "later",
    path: "backup.dir",
    hint: `a copy, its sealed form and the check need ${ROOM} times its size for a while`,
  });
}

/** A run that was killed could not take its copies away; another one may be under way just now. */
async function removeLeftovers(dir: string, before: number): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(MAKING)) continue;
    const folder = join(dir, name);
    const { mtimeMs = before } = statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < before) await rm(folder, { recursive: true, force: true });
  }
}

async function prune(
  dir: string,
  environment: string,
  before: number,
  keepAtLeast: number,
): Promise<string[]> {
  const removed: string[] = [];
  for (const name of (await backupsIn(dir, environment)).slice(keepAtLeast)) {
    const { mtimeMs } = await stat(join(dir, name));
    if (mtimeMs >= before) continue;
    await rm(join(dir, name));
    removed.push(name);
  }
  return removed;
}

async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir);
  await handle.sync();
  await handle.close();
}
