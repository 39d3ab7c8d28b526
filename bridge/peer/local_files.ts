/** Files of this machine. Errors carry what the folder's owner must do. */
import { constants, type Stats } from "node:fs";
import { lstat, open, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MilepostError, type RetryDecision } from "../errors.ts";
import { faultCode } from "../network_fault.ts";
import {
  fileIncomplete,
  fileTooLarge,
  noRegularFile,
  TEMPORARY,
  type FileEntry,
  type Files,
} from "./files.ts";

/** O_NONBLOCK: opening a pipe that nobody writes would wait for ever. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;

export class LocalFiles implements Files {
  async list(folder: string): Promise<FileEntry[]> {
    const names = await guard(folder, readdir(folder));
    const entries: FileEntry[] = [];
    for (const name of names) {
      const stats = await lstat(join(folder, name)).catch(() => undefined);
      // Gone meanwhile: another took it.
      if (stats === undefined) continue;
      entries.push({ name, kind: kindOf(stats), size: stats.size, modified: stats.mtimeMs });
    }
    return entries;
  }

  async rename(from: string, to: string): Promise<boolean> {
    try {
      await rename(from, to);
    } catch (error) {
      const gone = faultCode(error) === "ENOENT" && !(await exists(from));
      if (gone) return false;
      throw fileFault(error, to);
    }
    await syncFolder(dirname(to));
    return true;
  }

  async read(path: string, maxBytes: number): Promise<Buffer> {
    let handle;
    try {
      handle = await open(path, READ);
    } catch (error) {
      throw faultCode(error) === "ELOOP" ? noRegularFile(path) : fileFault(error, path);
    }
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw noRegularFile(path);
      if (stats.size > maxBytes) throw fileTooLarge(path, maxBytes);
      // No more than it had a moment ago: a file that still grows must not fill the memory.
      const body = Buffer.alloc(stats.size);
      let length = 0;
      while (length < body.length) {
        const { bytesRead } = await handle.read(body, length, body.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return body.subarray(0, length);
    } catch (error) {
      throw fileFault(error, path);
    } finally {
      await handle.close();
    }
  }

  async write(path: string, body: Buffer): Promise<void> {
    const temporary = `${path}${TEMPORARY}`;
    try {
      const handle = await open(temporary, WRITE, 0o640);
      try {
        await handle.writeFile(body);
        await handle.sync();
        const { size } = await handle.stat();
        if (size !== body.length) throw fileIncomplete(path, size, body.length);
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      throw fileFault(error, path);
    }
    await syncFolder(dirname(path));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function kindOf(stats: Stats): FileEntry["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isSymbolicLink()) return "link";
  return stats.isDirectory() ? "folder" : "other";
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** A rename is on the disk when its folder is; shares without that are taken as they are. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function guard<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw fileFault(error, path);
  }
}

const FAULTS: Readonly<Record<string, [code: string, retry: RetryDecision, hint: string]>> = {
  ENOENT: ["file_folder_missing", "pause", "make the folder, or correct its path"],
  ENOTDIR: ["file_folder_missing", "pause", "the path must be a folder"],
  EACCES: ["file_permission", "pause", "give the bridge's user the rights on it"],
  EPERM: ["file_permission", "pause", "give the bridge's user the rights on it"],
  EROFS: ["file_permission", "pause", "the file system is mounted read-only"],
  EXDEV: ["file_other_disk", "pause", "put in, archive and error on one file system"],
  ENOSPC: ["file_disk_full", "later", "free space there"],
  EDQUOT: ["file_disk_full", "later", "free space there"],
};

function fileFault(error: unknown, path: string): unknown {
  if (error instanceof MilepostError) return error;
  const name = faultCode(error);
  const [code, retry, hint] = FAULTS[name] ?? ["file_failed", "later", undefined];
  return new MilepostError(`${path} cannot be used (${name})`, {
    code,
    retry,
    culprit: path,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}
