/** Reads a strace of the bridge: which 202 followed the sync of its message, and which did not. */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const WRITTEN = /^\d+ +p?write(?:v|64|v2)?\(\d+<([^>]*)>/;
/** A sync counts once it has come back. */
const SYNCED = /^(\d+) +(?:f(?:data)?sync\(\d+<([^>]*)>.*|<\.\.\. f(?:data)?sync resumed>.*)= 0/;
const SYNC_BEGUN = /^(\d+) +f(?:data)?sync\(\d+<([^>]*)> <unfinished/;

export interface SyncFindings {
  /** Messages that were answered with 202. */
  acknowledged: number;
  /** Of these, whose row was in the log file, and the log file on the disk, before the answer. */
  proven: number;
  syncs: number;
}

/**
 * @param lines of `strace -f -y` with whole writes: the store's log file, its syncs, and answers
 */
export function readTrace(lines: Iterable<string>): SyncFindings {
  const written = new Set<string>();
  const synced = new Set<string>();
  const begun = new Map<string, Set<string>>();
  const findings: SyncFindings = { acknowledged: 0, proven: 0, syncs: 0 };
  for (const line of lines) {
    const file = WRITTEN.exec(line)?.[1];
    if (file?.endsWith("milepost.sqlite-wal") === true) {
      for (const [id] of line.matchAll(UUID)) if (!synced.has(id)) written.add(id);
    } else if (file !== undefined && line.includes("HTTP/1.1 202")) {
      for (const [id] of line.matchAll(UUID)) {
        findings.acknowledged++;
        if (synced.has(id)) findings.proven++;
      }
    }
    const [, starting, log] = SYNC_BEGUN.exec(line) ?? [];
    if (starting !== undefined && log?.endsWith("-wal") === true) {
      begun.set(starting, new Set(written));
    }
    const [, pid = "", whole] = SYNCED.exec(line) ?? [];
    const covered =
      whole === undefined ? begun.get(pid) : whole.endsWith("-wal") ? written : undefined;
    if (covered === undefined) continue;
    findings.syncs++;
    for (const id of covered) synced.add(id);
    begun.delete(pid);
    for (const id of covered) written.delete(id);
  }
  return findings;
}
