/** Is there room to promise anything? A full disk is said before a commit fails on it. */
import { statfs } from "node:fs/promises";
import type { Metrics } from "../metrics.ts";

export interface DiskGuard {
  /** What the last look said. */
  readonly full: boolean;
  freeBytes(): number;
  /** Looks now. */
  look(): Promise<void>;
}

/** Watches the file system of the directory; `probe` gives its free bytes (tests bring their own). */
export function diskGuard(
  directory: string,
  minFreeBytes: number,
  metrics: Metrics,
  probe: () => Promise<number> = async () => {
    const stats = await statfs(directory);
    return stats.bavail * stats.bsize;
  },
): DiskGuard {
  let free = Infinity;
  return {
    get full() {
      return free < minFreeBytes;
    },
    freeBytes: () => free,
    look: async () => {
      free = await probe();
      metrics.diskFree.set(free);
    },
  };
}
