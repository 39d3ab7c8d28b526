/** `milepost backup | restore | export | import`: copies of the store, and taking them back. */
import type { Command } from "commander";
import { createReadStream, createWriteStream, existsSync, rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BACKUP_AT, RESTORED } from "../admin/status.ts";
import type { Config } from "../config.ts";
import { makeBackup } from "../recovery/backup.ts";
import {
  checkCopy,
  layFilesBack,
  type Missing,
  missingSince,
  type OpenedCopy,
  restoreCopy,
} from "../recovery/restore.ts";
import type { StoreCopies } from "../store/copy_facts.ts";
import { MilepostError } from "../errors.ts";
import type { AuditAction } from "../store/audit.ts";
import type { Store } from "../store/store.ts";
import { record } from "./audit.ts";
import { type CommandKit, notFound, table, usage } from "./command_kit.ts";

interface RestoreOptions {
  check?: true;
  missing?: true;
  files?: true;
  settled?: true;
}

/** What the composition root knows of the store's copies. */
export interface RecoveryKit extends CommandKit {
  copies: StoreCopies;
  /** Takes the data directory as a bridge does: throws `store_locked` while one runs. */
  lock(dataDir: string): () => void;
  dump(dataDir: string): Iterable<string>;
  load(dataDir: string, lines: AsyncIterable<string>): Promise<Record<string, number>>;
}

export function addRecoveryCommands(program: Command, kit: RecoveryKit): void {
  program
    .command("backup")
    .description("copy the store while the bridge runs: verified, sealed, old ones pruned")
    .action(() => backup(kit));

  program
    .command("restore")
    .description("take a backup back, on an empty data_dir with the bridge stopped")
    .argument("[file]", "a backup, or a before-schema-… copy of data_dir")
    .option("--check", "only open it, read it through, and say what is in it and what is not")
    .option("--missing", "after a restore: what may be missing, and whom to ask")
    .option("--files", "after a restore: take files since the copy back from the folders' archives")
    .option(
      "--settled",
      "after a restore: what was missing is asked for, the status need not say it",
    )
    .action((file: string | undefined, options: RestoreOptions) => restore(kit, file, options));

  program
    .command("export")
    .description("the whole store as lines of JSON, for another machine; what is sealed stays so")
    .argument("<file>", "where to write it")
    .action((file: string) => exportTo(kit, file));

  program
    .command("import")
    .description("fill an empty data_dir with an export")
    .argument("<file>", "the export")
    .action((file: string) => importFrom(kit, file));
}

async function backup(kit: RecoveryKit): Promise<void> {
  const result = await makeBackup(kit.config(), kit.copies);
  await kit.withStore((store) => store.properties.set(BACKUP_AT, result.at));
  await note(kit, "backup made", { file: result.file });
  kit.print(result, ({ file, bytes, counts, seconds, removed }) => {
    const gone = removed.length === 0 ? "" : `\n${removed.length} older backups went`;
    const what = `${counts["message"] ?? 0} messages, ${counts["fact"] ?? 0} facts`;
    return `${file}\n${what}, ${bytes} bytes, verified, in ${seconds} s${gone}`;
  });
}

async function restore(
  kit: RecoveryKit,
  file: string | undefined,
  options: RestoreOptions,
): Promise<void> {
  const config = kit.config();
  if (options.missing || options.files || options.settled) return after(kit, config, options);
  if (file === undefined) throw usage("name the backup, or --missing, --files or --settled");
  const start = performance.now();
  const copy = options.check
    ? await checkCopy(file, config, kit.copies)
    : await underLock(kit, config, () => restoreCopy(file, config, kit.copies));
  const seconds = Math.round(performance.now() - start) / 1000;
  const missing = missingSince(copy, config);
  if (!options.check) await remember(kit, copy);
  const { ownKeys: _keys, ...facts } = copy;
  const result = { ...facts, restored: !options.check, seconds, missing };
  kit.print(result, (it) =>
    [
      `${it.file}: taken at ${it.taken_at}, environment ${it.environment ?? "none"}, schema ${it.schema}`,
      `${it.counts["message"] ?? 0} messages, ${it.counts["fact"] ?? 0} facts; whole`,
      it.restored ? `restored to ${config.data_dir} in ${seconds} s; start the bridge` : "",
      missingText(missing),
    ]
      .filter(Boolean)
      .join("\n"),
  );
}

async function underLock<T>(kit: RecoveryKit, config: Config, work: () => Promise<T>): Promise<T> {
  const unlock = kit.lock(config.data_dir);
  try {
    return await work();
  } finally {
    unlock();
  }
}

/** The status says it until somebody settles it. A copy of an older schema is for an older bridge. */
async function remember(kit: RecoveryKit, copy: OpenedCopy): Promise<void> {
  const value = JSON.stringify({ at: new Date().toISOString(), copy_of: copy.taken_at });
  try {
    await kit.withStore((store) => store.properties.set(RESTORED, value));
    await note(kit, "store restored", { file: copy.file, copy_of: copy.taken_at });
  } catch (error) {
    if ((error as { code?: string }).code !== "store_version") throw error;
    console.error("the copy is of an older release: install that one before the start");
  }
}

async function after(kit: RecoveryKit, config: Config, options: RestoreOptions): Promise<void> {
  if (options.settled) {
    await kit.withStore((store) => store.properties.set(RESTORED, ""));
    return kit.print({ settled: true }, () => "settled: the status does not say it any more");
  }
  let copyOf = "";
  let polls: OpenedCopy["polls"] = [];
  await kit.readStore(async (store) => {
    copyOf = await restoredFrom(store);
    polls = await cursorsOf(store, config);
  });
  if (options.files) {
    const laid = await layFilesBack(new Date(copyOf), config);
    return kit.print({ laid }, () =>
      `${laid.length} files are read again\n${laid.join("\n")}`.trim(),
    );
  }
  kit.print(missingSince({ taken_at: copyOf, polls }, config), missingText);
}

async function restoredFrom(store: Store): Promise<string> {
  const value = await store.properties.get(RESTORED);
  if (value === null || value === "")
    throw notFound("This store was not restored, or it is settled");
  return (JSON.parse(value) as { copy_of: string }).copy_of;
}

async function cursorsOf(store: Store, config: Config): Promise<OpenedCopy["polls"]> {
  const found: OpenedCopy["polls"] = [];
  for (const { code: connection } of config.connections) {
    const cursor = await store.inbox.cursor(connection);
    if (cursor !== null) found.push({ connection, at: cursor.at });
  }
  return found;
}

async function exportTo(kit: RecoveryKit, file: string): Promise<void> {
  let lines = 0;
  const counted = function* () {
    for (const line of kit.dump(kit.config().data_dir)) {
      lines++;
      yield `${line}\n`;
    }
  };
  await pipeline(
    Readable.from(counted()),
    createWriteStream(`${file}.part`, { mode: 0o600, flush: true }),
  );
  await rename(`${file}.part`, file);
  await note(kit, "store exported", { file });
  kit.print(
    { file, rows: lines - 1 },
    (it) => `${it.rows} rows in ${it.file}; bring the store's keys, too`,
  );
}

/** To the audit, unless the store's keys are not here yet, or it is one that can only be saved by an export. */
async function note(kit: RecoveryKit, action: AuditAction, detail: object): Promise<void> {
  try {
    await kit.withStore((store) => record(store, action, detail));
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    console.error(`“${action}” is not in the audit: ${error.message}`);
  }
}

async function importFrom(kit: RecoveryKit, file: string): Promise<void> {
  const { data_dir } = kit.config();
  if (!existsSync(file)) throw notFound(`There is no ${file}`);
  if (kit.copies.has(data_dir))
    throw usage(`${data_dir} holds a store already: move it away first`);
  const input = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  let rows: Record<string, number>;
  try {
    rows = await kit.load(data_dir, input);
  } catch (error) {
    // Half a store would be started as if it were whole.
    for (const ending of ["", "-wal", "-shm", "-journal"]) {
      rmSync(join(data_dir, kit.copies.fileName + ending), { force: true });
    }
    throw error;
  }
  await note(kit, "store imported", { file });
  const sum = Object.values(rows).reduce((total, it) => total + it, 0);
  kit.print({ rows }, () => `${sum} rows are in ${data_dir}; start the bridge`);
}

function missingText(missing: readonly Missing[]): string {
  if (missing.length === 0) return "no connection is configured: nothing can be missing";
  const rows = missing.map((it) => [
    it.connection,
    it.way,
    it.since,
    it.byItself ? "yes" : "NO",
    it.todo,
  ]);
  return `what came in since then:\n${table(["connection", "way", "since", "by itself", "what happens, what to do"], rows)}`;
}
