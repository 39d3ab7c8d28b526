/**
 * Which files have stopped growing. Polled sizes and times tell it everywhere, on NFS, CIFS and
 * SFTP, where notifications of the kernel tell nothing.
 */
import type { FileEntry } from "../../peer/files.ts";

/** A new file is empty until its writer's first bytes come: it gets this many times as long. */
const EMPTY_PATIENCE = 12;

export class Settling {
  readonly #settleMs: number;
  readonly #seen = new Map<string, { size: number; modified: number; since: number }>();

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  /** The entries that did not change since they were first seen so, long enough; `now` is steady time. */
  settled(entries: readonly FileEntry[], now: number): FileEntry[] {
    const names = new Set(entries.map((it) => it.name));
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
    return entries.filter(({ name, size, modified }) => {
      const seen = this.#seen.get(name);
      if (seen === undefined || seen.size !== size || seen.modified !== modified) {
        this.#seen.set(name, { size, modified, since: now });
        return false;
      }
      const wanted = size === 0 ? EMPTY_PATIENCE * this.#settleMs : this.#settleMs;
      return now - seen.since >= wanted;
    });
  }
}
