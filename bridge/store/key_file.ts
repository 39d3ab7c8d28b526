/**
 * The store's keys where the configuration names none: `store.keys` in the data directory, made at
 * the first start. It keeps a copied or stolen store file shut; who has the whole directory has
 * both, so production names its keys under `store.keys`.
 */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Secret } from "../config.ts";
import { newKey, type StoreKey, Vault } from "./vault.ts";

/** Name of the file in the data directory. */
export const KEY_FILE = "store.keys";

/**
 * The keys of a data directory: those of the configuration before those of its own file.
 *
 * @param make makes the file when there is no key at all: for the bridge, which writes the store
 */
export function vaultOf(directory: string, configured: readonly StoreKey[], make: boolean): Vault {
  const file = join(directory, KEY_FILE);
  const own = make || mayRead(file) ? readKeys(file) : [];
  if (make && configured.length + own.length === 0) return new Vault(addKey(file, own));
  return new Vault([...configured, ...own]);
}

/** A new key before the others of the directory's own file; gives its name. */
export function rotateKeyFile(directory: string): string {
  const file = join(directory, KEY_FILE);
  return addKey(file, readKeys(file))[0]?.id ?? "";
}

/**
 * Who only looks may see the store and not its key: lists and counts need none, and what is sealed
 * says so.
 */
function mayRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EACCES";
  }
}

function readKeys(file: string): StoreKey[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => {
    const [id, key] = line.trim().split(/\s+/);
    return id === undefined || key === undefined ? [] : [{ id, key: new Secret(key) }];
  });
}

/** On the disk before anything is sealed with it: a lost key loses all that it sealed. */
function addKey(file: string, before: readonly StoreKey[]): StoreKey[] {
  const id = `own-${before.length + 1}`;
  const keys = [{ id, key: new Secret(newKey()) }, ...before];
  const text = keys.map((it) => `${it.id} ${it.key.reveal()}\n`).join("");
  const made = openSync(`${file}.new`, "w", 0o600);
  writeSync(made, text);
  fsyncSync(made);
  closeSync(made);
  renameSync(`${file}.new`, file);
  const folder = openSync(dirname(file), "r");
  fsyncSync(folder);
  closeSync(folder);
  return keys;
}
