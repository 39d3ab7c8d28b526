/**
 * Where a partner's files lie: a folder of this machine (also a mounted share) or an SFTP server.
 * Both can list, rename atomically, read and replace; everything else is built on these four.
 */
import { MilepostError } from "../errors.ts";

export interface FileEntry {
  name: string;
  /** Only regular files are ever read; a link could lead anywhere. */
  kind: "file" | "folder" | "link" | "other";
  /** Bytes. */
  size: number;
  /** Epoch milliseconds of the last change, by the clock of where it lies. */
  modified: number;
}

export interface Files {
  list(folder: string, signal: AbortSignal): Promise<FileEntry[]>;
  /** Moves within the file system, atomically; false when there is nothing at `from` (any more). */
  rename(from: string, to: string, signal: AbortSignal): Promise<boolean>;
  /** The bytes of a regular file. Throws `file_too_large` (`never`) beyond `maxBytes`. */
  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer>;
  /**
   * Creates or replaces a file: written whole under a temporary name, looked at, then renamed, so
   * that nobody finds half of it. Throws `file_incomplete` (`later`) when it is not there as written.
   */
  write(path: string, body: Buffer, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** The ending of files that are being written, by us and by most who write files. */
export const TEMPORARY = ".tmp";

export function fileTooLarge(path: string, maxBytes: number): MilepostError {
  return new MilepostError(`${path} has more than ${maxBytes} bytes`, {
    code: "file_too_large",
    retry: "never",
    culprit: path,
    hint: "raise max_bytes of the connection, or have the partner send smaller files",
  });
}

/** What lies there after writing is not what was written: a full or failing disk that nobody told of. */
export function fileIncomplete(path: string, found: number, wanted: number): MilepostError {
  return new MilepostError(`${path} was not written whole (${found} of ${wanted} bytes)`, {
    code: "file_incomplete",
    retry: "later",
    culprit: path,
    hint: "is the disk there full, or a quota used up?",
  });
}

export function noRegularFile(path: string): MilepostError {
  return new MilepostError(`${path} is no regular file`, {
    code: "file_not_regular",
    retry: "never",
    culprit: path,
    hint: "links and devices are not read: have the file itself put there",
  });
}
