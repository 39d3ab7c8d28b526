/** The cache folder outside the repository, and its locks between runs. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { identify, isAlive, type ProcessId } from "./processes.ts";
import type { Log } from "./progress.ts";

/** `$XDG_CACHE_HOME/milepost/odoo`, else `~/.cache/milepost/odoo`. */
export function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(base, "milepost", "odoo");
}

/**
 * Runs `work` while no other run holds the lock. A lock whose process is gone is taken over: a
 * killed run must not stop the next one.
 */
export async function withLock<T>(folder: string, log: Log, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, "lock");
  let said = false;
  while (!take(lock)) {
    if (!said) log("another run is preparing the same Odoo: waiting for it");
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
  } catch {
    if (!isAbandoned(lock)) return false;
    rmSync(lock, { recursive: true, force: true });
    return false;
  }
  writeFileSync(join(lock, "owner.json"), JSON.stringify(identify(process.pid)));
  return true;
}

function isAbandoned(lock: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(join(lock, "owner.json"), "utf8")) as ProcessId;
    return !isAlive(owner);
  } catch {
    // No owner yet: its run is between two system calls, unless it died just there.
    try {
      return Date.now() - statSync(lock).mtimeMs > 10_000;
    } catch {
      return false; // released in the meantime
    }
  }
}
