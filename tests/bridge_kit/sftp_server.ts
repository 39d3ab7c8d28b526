/**
 * A real SSH server in this process that serves a real folder by SFTP, with faults on demand. Like
 * most servers it renames only to names that are free, and knows no posix-rename.
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { AddressInfo } from "node:net";
import ssh2, { type Attributes, type Connection as Client, type SFTPWrapper } from "ssh2";

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

type Operation = "OPEN" | "READ" | "WRITE" | "CLOSE" | "RENAME" | "OPENDIR" | "READDIR";

/** The library writes keys with a zero in the wrong place so that nobody can read them: not those. */
export function keyPair(type: "ed25519" | "ecdsa" = "ed25519"): {
  public: string;
  private: string;
} {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync(type as "ecdsa", { bits: 256 });
    const readable = [pair.public, pair.private].every(
      (it) => !(ssh2.utils.parseKey(it) instanceof Error),
    );
    if (readable) return pair;
  }
}

export class SftpServer {
  readonly folder: string;
  /** Line of known_hosts for this server. */
  readonly hostKey: string;
  readonly privateKey: string;
  /** Of the client's key that is let in beside the password `right`. */
  readonly clientKey: string;
  /** Passwords that clients offered. */
  readonly offered: string[] = [];
  /** Decides on a step before it happens: an SFTP status, or `hang`, or `cut` the connection. */
  fault: (operation: Operation, path: string) => number | "hang" | "cut" | undefined = () =>
    undefined;
  connections = 0;
  /** Each chunk takes so long, one after the other. */
  delayMs = 0;
  readonly #server: ssh2.Server;
  readonly #clients = new Set<Client>();

  constructor(folder: string) {
    this.folder = folder;
    const [host, client] = [keyPair(), keyPair()];
    this.hostKey = host.public;
    this.privateKey = host.private;
    this.clientKey = client.private;
    const trusted = ssh2.utils.parseKey(client.public);
    if (trusted instanceof Error) throw trusted;
    this.#server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
      this.connections++;
      this.#clients.add(connection);
      (connection as Client & { setNoDelay(on: boolean): void }).setNoDelay(true);
      connection.on("error", () => undefined);
      connection.on("close", () => this.#clients.delete(connection));
      connection.on("authentication", (context) => {
        if (context.method === "password") {
          this.offered.push(context.password);
          if (context.password === "right") return context.accept();
        }
        const known =
          context.method === "publickey" &&
          context.key.data.equals(trusted.getPublicSSH()) &&
          (context.signature === undefined ||
            trusted.verify(context.blob as Buffer, context.signature));
        if (known) return context.accept();
        context.reject(["password", "publickey"]);
      });
      connection.on("session", (accept) => {
        accept().on("sftp", (open) => this.#serve(open(), connection));
      });
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return this;
  }

  /** Cuts all connections; the server goes on. */
  cut(): void {
    for (const client of this.#clients) client.end();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(sftp: SFTPWrapper, connection: Client): void {
    const handles = new Map<number, { descriptor?: number; path: string; listed?: boolean }>();
    let next = 0;
    const path = (name: string) => join(this.folder, name);
    const open = (entry: { descriptor?: number; path: string }): Buffer => {
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(next);
      handles.set(next++, entry);
      return handle;
    };
    const entryOf = (handle: Buffer) => handles.get(handle.readUInt32BE(0));
    const step = (id: number, operation: Operation, name: string, work: () => void): void => {
      const fault = this.fault(operation, name);
      if (fault === "hang") return;
      if (fault === "cut") return void connection.end();
      if (fault !== undefined) return void sftp.status(id, fault);
      try {
        work();
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        const status = code === "ENOENT" ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE;
        sftp.status(id, status);
      }
    };
    let turn = Promise.resolve();
    const inTurn = (...chunk: Parameters<typeof step>): void => {
      if (this.delayMs === 0) return step(...chunk);
      turn = turn.then(() => setTimeout(this.delayMs)).then(() => step(...chunk));
    };
    sftp.on("REALPATH", (id, name) => {
      sftp.name(id, [{ filename: name, longname: name, attrs: {} as Attributes }]);
    });
    sftp.on("OPEN", (id, name, flags) =>
      step(id, "OPEN", name, () => {
        const mode = (flags & OPEN_MODE.WRITE) === 0 ? "r" : "w";
        const descriptor = fs.openSync(path(name), mode);
        sftp.handle(id, open({ descriptor, path: name }));
      }),
    );
    sftp.on("READ", (id, handle, offset, length) => {
      const entry = entryOf(handle);
      inTurn(id, "READ", entry?.path ?? "", () => {
        const chunk = Buffer.alloc(length);
        const read = fs.readSync(entry?.descriptor ?? -1, chunk, 0, length, offset);
        if (read === 0) sftp.status(id, STATUS_CODE.EOF);
        else sftp.data(id, chunk.subarray(0, read));
      });
    });
    sftp.on("WRITE", (id, handle, offset, data) => {
      const entry = entryOf(handle);
      inTurn(id, "WRITE", entry?.path ?? "", () => {
        fs.writeSync(entry?.descriptor ?? -1, data, 0, data.length, offset);
        sftp.status(id, STATUS_CODE.OK);
      });
    });
    sftp.on("CLOSE", (id, handle) => {
      const entry = entryOf(handle);
      if (entry?.descriptor !== undefined) fs.closeSync(entry.descriptor);
      handles.delete(handle.readUInt32BE(0));
      step(id, "CLOSE", entry?.path ?? "", () => sftp.status(id, STATUS_CODE.OK));
    });
    sftp.on("OPENDIR", (id, name) =>
      step(id, "OPENDIR", name, () => {
        fs.readdirSync(path(name));
        sftp.handle(id, open({ path: name }));
      }),
    );
    sftp.on("READDIR", (id, handle) => {
      const entry = entryOf(handle);
      if (entry === undefined || entry.listed === true) {
        return void sftp.status(id, STATUS_CODE.EOF);
      }
      step(id, "READDIR", entry.path, () => {
        entry.listed = true;
        const names = fs.readdirSync(path(entry.path)).map((name) => {
          const stats = fs.lstatSync(join(path(entry.path), name));
          const letter = stats.isDirectory() ? "d" : stats.isSymbolicLink() ? "l" : "-";
          const longname = `${letter}rw-r--r-- 1 user group ${stats.size} ${name}`;
          return { filename: name, longname, attrs: attributes(stats) };
        });
        if (names.length === 0) sftp.status(id, STATUS_CODE.EOF);
        else sftp.name(id, names);
      });
    });
    const stat = (id: number, name: string) =>
      step(id, "OPEN", "", () => sftp.attrs(id, attributes(fs.lstatSync(path(name)))));
    sftp.on("LSTAT", stat);
    sftp.on("STAT", stat);
    sftp.on("FSTAT", (id, handle) => {
      sftp.attrs(id, attributes(fs.fstatSync(entryOf(handle)?.descriptor ?? -1)));
    });
    sftp.on("FSETSTAT", (id) => void sftp.status(id, STATUS_CODE.OK));
    sftp.on("SETSTAT", (id) => void sftp.status(id, STATUS_CODE.OK));
    sftp.on("RENAME", (id, from, to) =>
      step(id, "RENAME", from, () => {
        if (fs.existsSync(path(to))) return void sftp.status(id, STATUS_CODE.FAILURE);
        fs.renameSync(path(from), path(to));
        sftp.status(id, STATUS_CODE.OK);
      }),
    );
    sftp.on("REMOVE", (id, name) =>
      step(id, "OPEN", "", () => {
        fs.unlinkSync(path(name));
        sftp.status(id, STATUS_CODE.OK);
      }),
    );
  }
}

function attributes(stats: fs.Stats): Attributes {
  const [mtime, atime] = [Math.floor(stats.mtimeMs / 1000), Math.floor(stats.atimeMs / 1000)];
  return { mode: stats.mode, uid: 0, gid: 0, size: stats.size, atime, mtime };
}
