/**
 * Files of an SFTP server, over one connection that is opened when needed and anew when lost.
 *
 * The server must show one of the configured host keys before anything, the password above all,
 * is sent to it. Steps on a connection come one after the other: the client library reports a
 * lost connection to whatever step is under way.
 */
import { Readable, Writable } from "node:stream";
import type { Client } from "ssh2";
import SftpClient from "ssh2-sftp-client";
import type { SftpConfig } from "../config.ts";
import { MilepostError, type ErrorDetails } from "../errors.ts";
import { faultCode } from "../network_fault.ts";
import { fileIncomplete, fileTooLarge, TEMPORARY, type FileEntry, type Files } from "./files.ts";

/** SFTP's own status numbers, and what the client library makes of them. */
const NO_SUCH_FILE = new Set(["2", "ENOENT"]);
const PERMISSION_DENIED = new Set(["3", "EACCES"]);
/** The server said no for a reason that it does not tell. */
const FAILURE = new Set(["4", "EEXIST"]);

/** One write of the protocol: of more at once the last are sent without a sign of life. */
const SLICE_BYTES = 32_768;
/** Files up to this size are compared with what was written. */
const MAX_READ_BACK = 1_000_000;

/** A step on a connection; it calls `heard` whenever something went over the wire. */
type Work<T> = (client: SftpClient, heard: () => void) => Promise<T>;

export class SftpFiles implements Files {
  readonly #config: SftpConfig;
  readonly #connection: string;
  #client: SftpClient | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: string, config: SftpConfig) {
    this.#connection = connection;
    this.#config = config;
  }

  list(folder: string, signal: AbortSignal): Promise<FileEntry[]> {
    return this.#step(folder, signal, async (client) => {
      const entries = await client.list(folder);
      return entries.map(({ name, type, size, modifyTime }) => ({
        name,
        kind: KINDS[type] ?? "other",
        size,
        modified: modifyTime,
      }));
    });
  }

  rename(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    return this.#step(to, signal, async (client) => {
      try {
        await client.rename(from, to);
        return true;
      } catch (error) {
        const code = statusOf(error);
        const refused = NO_SUCH_FILE.has(code) || FAILURE.has(code);
        if (refused && (await client.exists(from)) === false) return false;
        throw error;
      }
    });
  }

  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    return this.#step(path, signal, (client, heard) => download(client, path, maxBytes, heard));
  }

  write(path: string, body: Buffer, signal: AbortSignal): Promise<void> {
    return this.#step(path, signal, async (client, heard) => {
      const temporary = `${path}${TEMPORARY}`;
      await client.put(Readable.from(slices(body, heard), { highWaterMark: 1 }), temporary);
      await checkWritten(client, temporary, body, heard);
      try {
        await client.posixRename(temporary, path);
      } catch (error) {
        if (PERMISSION_DENIED.has(statusOf(error)) || client !== this.#client) throw error;
        // A server without that extension renames only to a name that is free.
        await client.delete(path, true);
        await client.rename(temporary, path);
      }
    });
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    this.#drop();
  }

  #step<T>(path: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    const run = this.#last.then(() => this.#run(path, signal, work));
    this.#last = run.catch(() => undefined);
    return run;
  }

  /** The time limit is on silence: a transfer that flows may take as long as it takes. */
  async #run<T>(path: string, signal: AbortSignal, work: Work<T>): Promise<T> {
    signal.throwIfAborted();
    let cut = () => {};
    const aborted = new Promise<never>((_resolve, reject) => {
      cut = () => {
        this.#drop();
        reject(new Error("cut"));
      };
    });
    let isSilent = false;
    const silence = setTimeout(() => {
      isSilent = true;
      cut();
    }, this.#config.request_seconds * 1000);
    signal.addEventListener("abort", cut, { once: true });
    const heard = () => void silence.refresh();
    try {
      const working = this.#open().then((client) => work(client, heard));
      return await Promise.race([working, aborted]);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (isSilent) throw this.#error("sftp_timeout", "later", "did not answer in time");
      throw this.#fault(error, path);
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", cut);
    }
  }

  async #open(): Promise<SftpClient> {
    if (this.#client !== undefined) return this.#client;
    const { host, port, user, auth, host_keys: known, connect_seconds: wait } = this.#config;
    let shown = true;
    const lost = () => {
      if (this.#client === client) this.#client = undefined;
    };
    const client = new SftpClient("milepost", { error: lost, end: lost, close: lost });
    this.#client = client;
    try {
      await client.connect({
        host,
        port,
        username: user,
        ...(auth.type === "password"
          ? { password: auth.password.reveal() }
          : {
              privateKey: auth.private_key.reveal(),
              ...(auth.passphrase === undefined ? {} : { passphrase: auth.passphrase.reveal() }),
            }),
        readyTimeout: wait * 1000,
        keepaliveInterval: 15_000,
        keepaliveCountMax: 3,
        algorithms: { serverHostKey: [...new Set(known.flatMap((it) => it.algorithms))] },
        hostVerifier: (key: Buffer) =>
          (shown = known.some((it) => it.key === key.toString("base64"))),
      });
    } catch (error) {
      lost();
      destroy(client);
      if (!shown || /no matching host key/i.test(String(error))) {
        throw this.#error("sftp_host_key", "pause", "shows another host key than sftp.host_keys", {
          hint: "ask the partner whether its key changed, by another way than this server; never take it on trust",
        });
      }
      throw error;
    }
    // Requests are small and each waits for its answer: collecting them costs 40 ms a step.
    sshClient(client).setNoDelay(true);
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) destroy(client);
  }

  #fault(error: unknown, path: string): unknown {
    if (error instanceof MilepostError) return error;
    const code = statusOf(error);
    if (NO_SUCH_FILE.has(code)) {
      return this.#error("file_folder_missing", "pause", `has no ${path}`, {
        hint: "make the folder, or correct its path in sftp",
      });
    }
    if (PERMISSION_DENIED.has(code)) {
      return this.#error("file_permission", "pause", `denies ${path} to us`, {
        hint: "ask the partner for the rights on it",
      });
    }
    if (FAILURE.has(code)) return this.#error("file_failed", "later", `cannot serve ${path}`);
    this.#drop();
    if (/authentication methods failed/i.test(String(error))) {
      return this.#error("sftp_unauthorized", "pause", "refuses our credentials", {
        hint: "check sftp.user and sftp.auth",
      });
    }
    return this.#error("sftp_unreachable", "later", `cannot be reached (${code})`, {
      cause: error,
    });
  }

  #error(
    code: string,
    retry: MilepostError["retry"],
    what: string,
    more: Partial<ErrorDetails> = {},
  ): MilepostError {
    const culprit = this.#connection;
    const message = `The SFTP server of ${culprit} ${what}`;
    return new MilepostError(message, { code, retry, culprit, ...more });
  }
}

/** Reads no more than one byte beyond what is allowed. */
async function download(
  client: SftpClient,
  path: string,
  maxBytes: number,
  heard: () => void,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const into = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      heard();
      chunks.push(chunk);
      length += chunk.length;
      done();
    },
  });
  // (The published types leave the range out.)
  const range: object = { start: 0, end: maxBytes };
  await client.get(path, into, { readStreamOptions: range });
  if (length > maxBytes) throw fileTooLarge(path, maxBytes);
  return Buffer.concat(chunks, length);
}

function* slices(body: Buffer, heard: () => void): Generator<Buffer> {
  for (let at = 0; at < body.length; at += SLICE_BYTES) {
    heard();
    yield body.subarray(at, at + SLICE_BYTES);
  }
}

/**
 * The client library calls a file written when it is closed, also on a server whose disk is full.
 * Short ones are read back, where the partner lets us read.
 */
async function checkWritten(
  client: SftpClient,
  path: string,
  body: Buffer,
  heard: () => void,
): Promise<void> {
  const { size } = await client.stat(path);
  const isWhole = size === body.length && (await readsBack(client, path, body, heard));
  if (isWhole) return;
  await client.delete(path, true);
  throw fileIncomplete(path, size, body.length);
}

async function readsBack(
  client: SftpClient,
  path: string,
  body: Buffer,
  heard: () => void,
): Promise<boolean> {
  if (body.length === 0 || body.length > MAX_READ_BACK) return true;
  try {
    return body.equals(await download(client, path, body.length, heard));
  } catch (error) {
    if (PERMISSION_DENIED.has(statusOf(error))) return true;
    throw error;
  }
}

const KINDS: Readonly<Record<string, FileEntry["kind"]>> = { "-": "file", d: "folder", l: "link" };

/**
 * Closes the socket at once. `end()` of the library waits for the server's goodbye, which one that
 * hangs never says, and leaves the step that is under way without an answer.
 */
function destroy(client: SftpClient): void {
  sshClient(client).destroy();
}

/** The library keeps it to itself. */
function sshClient(client: SftpClient): Pick<Client, "destroy" | "setNoDelay"> {
  return (client as unknown as { client: Client }).client;
}

function statusOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "number" ? String(code) : faultCode(error);
}
