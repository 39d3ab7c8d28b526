/* oxlint-disable max-lines -- one host, from its packages to its server */
/** Odoo and PostgreSQL of one checkout, run inside the root directory of `debian_root.ts`. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ADDONS_FOLDER } from "../addons.ts";
import { cacheFolder, withLock } from "./cache.ts";
import { ensureRoot } from "./debian_root.ts";
import { freePort } from "./free_port.ts";
import {
  BASE_MODULES,
  passedOn,
  POSTGRES_SETTINGS,
  type OdooHost,
  type OdooRun,
  type OwnServer,
} from "./host.ts";
import { end, identify, isAlive, run, type ProcessId } from "./processes.ts";
import type { Log } from "./progress.ts";

export const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));
const PG_BIN = "/usr/lib/postgresql/17/bin";

/** What the host started, so that another run can find it and end exactly it. */
interface State {
  postgresPort: number;
  httpPort: number;
  server: ProcessId | null;
  /** Hash of the addons that the server runs. */
  version: string | null;
}

export class DebianHost implements OdooHost {
  readonly description: string;
  readonly #root: string;
  readonly name: string;
  readonly #log: Log;

  private constructor(root: string, log: Log) {
    this.#root = root;
    this.name = checkoutName();
    this.#log = log;
    this.description = `Debian packages in ${root}`;
  }

  /** The host of this checkout; builds the root directory and the first database when needed. */
  static async open(log: Log): Promise<DebianHost> {
    const root = await ensureRoot(log);
    const host = new DebianHost(root, log);
    await host.#plant();
    return host;
  }

  /** Whether this checkout has an Odoo of its own already. */
  static wasPlanted(): boolean {
    return existsSync(join(cacheFolder(), `server-${checkoutName()}.json`));
  }

  /** Inside the root directory. */
  get #home(): string {
    return `/var/lib/milepost/${this.name}`;
  }

  get #stateFile(): string {
    return join(cacheFolder(), `server-${this.name}.json`);
  }

  get logFile(): string {
    return join(this.#root, this.#home, "odoo.log");
  }

  #state(): State {
    return JSON.parse(readFileSync(this.#stateFile, "utf8")) as State;
  }

  #remember(state: State): void {
    writeFileSync(this.#stateFile, JSON.stringify(state), { mode: 0o600 });
  }

  /**
   * A new checkout gets a copy of the seed: a cluster with the base database in it. Making the
   * seed takes a minute, copying it seconds.
   */
  async #plant(): Promise<void> {
    await withLock(join(cacheFolder(), "seed-build"), this.#log, async () => {
      const seed = join(this.#root, "var/lib/milepost/seed");
      if (!existsSync(seed)) await this.#growSeed(seed);
      const home = join(this.#root, this.#home);
      if (existsSync(home) && existsSync(this.#stateFile)) return;
      rmSync(home, { recursive: true, force: true });
      await run("cp", ["-a", "--reflink=auto", seed, `${home}.new`]);
      await run("mv", [`${home}.new`, home]);
      this.#remember({
        postgresPort: await freePort(),
        httpPort: await freePort(),
        server: null,
        version: null,
      });
      this.#configure();
    });
  }

  async #growSeed(seed: string): Promise<void> {
    this.#log("creating the base database (about a minute)");
    const home = join(this.#root, this.#home);
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    await this.#in(["chown", "postgres:postgres", this.#home]);
    await this.#asPostgres(
      `${PG_BIN}/initdb -D ${this.#home}/pg -A trust -U postgres -E UTF8 --locale=C.UTF-8`,
    );
    mkdirSync(join(home, "data"));
    await this.#in(["chown", "odoo:odoo", `${this.#home}/data`]);
    await this.#in(["chmod", "755", this.#home]);
    this.#remember({
      postgresPort: await freePort(),
      httpPort: await freePort(),
      server: null,
      version: null,
    });
    this.#configure();
    await this.startDatabase();
    await this.sql("postgres", "CREATE ROLE odoo LOGIN CREATEDB");
    await this.odoo([
      "-d",
      "base",
      "-i",
      BASE_MODULES,
      "--skip-auto-install",
      "--stop-after-init",
      "--no-http",
    ]);
    await this.#stopDatabase();
    await run("mv", [home, seed]);
  }

  #configure(): void {
    const { postgresPort, httpPort } = this.#state();
    const lines = [
      "[options]",
      "db_host = 127.0.0.1",
      `db_port = ${postgresPort}`,
      "db_user = odoo",
      `data_dir = ${this.#home}/data`,
      "addons_path = /usr/lib/python3/dist-packages/odoo/addons,/mnt/addons",
      "http_interface = 127.0.0.1",
      `http_port = ${httpPort}`,
      "workers = 0",
      "list_db = True",
      "log_level = info",
    ];
    writeFileSync(join(this.#root, this.#home, "odoo.conf"), `${lines.join("\n")}\n`);
    const postgres = [
      "listen_addresses = '127.0.0.1'",
      `port = ${postgresPort}`,
      `unix_socket_directories = '${this.#home}'`,
      ...POSTGRES_SETTINGS,
    ];
    writeFileSync(
      join(this.#root, this.#home, "pg/postgresql.auto.conf"),
      `${postgres.join("\n")}\n`,
    );
  }

  async version(): Promise<string> {
    return this.#in(["dpkg-query", "-W", "-f", "${Version}", "odoo-19"]);
  }

  async startDatabase(): Promise<void> {
    if (this.#postgres() !== null) return;
    const { postgresPort } = this.#state();
    this.#log(`starting PostgreSQL on port ${postgresPort}`);
    rmSync(join(this.#root, this.#home, "pg/postmaster.pid"), { force: true });
    await this.#asPostgres(
      `${PG_BIN}/pg_ctl -D ${this.#home}/pg -l ${this.#home}/pg/server.log -w start >/dev/null`,
    );
  }

  /** The postmaster, when it runs. */
  #postgres(): ProcessId | null {
    const file = join(this.#root, this.#home, "pg/postmaster.pid");
    if (!existsSync(file)) return null;
    const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
    const id = identify(pid);
    if (id === null) return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return command.includes(`${this.#home}/pg`) ? id : null;
  }

  async #stopDatabase(): Promise<void> {
    if (this.#postgres() === null) return;
    await this.#asPostgres(`${PG_BIN}/pg_ctl -D ${this.#home}/pg -m fast -w stop >/dev/null`);
  }

  async startServer(version: string): Promise<{ url: string }> {
    const state = this.#state();
    const url = `http://127.0.0.1:${state.httpPort}`;
    if (state.server !== null && isAlive(state.server)) {
      if (state.version === version && (await healthy(url))) return { url };
      await end(state.server);
    }
    this.#log(`starting Odoo on ${url}`);
    const server = this.#spawn([]);
    this.#remember({ ...state, server, version });
    await this.#answers(url, server);
    return { url };
  }

  async serve(database: string, addons: string): Promise<OwnServer> {
    const [port, gevent] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const args = [
      ...["--db-filter", `^${database}$`, "--max-cron-threads", "0"],
      ...["--http-port", String(port), "--gevent-port", String(gevent)],
    ];
    const server = this.#spawn(args, addons);
    await this.#answers(url, server);
    return { url, stop: () => end(server) };
  }

  #spawn(args: readonly string[], addons?: string): ProcessId {
    const out = openSync(this.logFile, "a");
    const child = spawn(...this.odooCommand(args, addons), {
      detached: true,
      stdio: ["ignore", out, out],
    });
    child.unref();
    const server = child.pid === undefined ? null : identify(child.pid);
    if (server === null) throw new Error(`Odoo did not start; its log is ${this.logFile}`);
    return server;
  }

  async #answers(url: string, server: ProcessId): Promise<void> {
    const deadline = performance.now() + 60_000;
    while (!(await healthy(url))) {
      if (!isAlive(server) || performance.now() > deadline) {
        throw new Error(`Odoo did not answer on ${url}; its log is ${this.logFile}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stopServer(): Promise<void> {
    const state = this.#state();
    if (state.server !== null) await end(state.server);
    this.#remember({ ...state, server: null });
  }

  async crash(what: "server" | "database"): Promise<void> {
    if (what === "database") {
      const command = `${PG_BIN}/pg_ctl -D ${this.#home}/pg -m immediate -w stop >/dev/null`;
      return void (await this.#asPostgres(command));
    }
    const { server } = this.#state();
    if (server === null || !isAlive(server)) return;
    process.kill(server.pid, "SIGKILL");
    while (isAlive(server)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async stop(): Promise<void> {
    await this.stopServer();
    await this.#stopDatabase();
  }

  async odoo(args: readonly string[], options: OdooRun = {}): Promise<string> {
    const ports = options.ports
      ? ["--http-port", String(await freePort()), "--gevent-port", String(await freePort())]
      : [];
    return run(...this.odooCommand([...args, ...ports], options.addons), {
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
  }

  /** The addons are mounted for this process alone, so that nothing stays mounted. */
  odooCommand(args: readonly string[], addons = ADDONS_FOLDER): [command: string, args: string[]] {
    const [subcommand, rest] = args[0] === "shell" ? [["shell"], args.slice(1)] : [[], args];
    const script = [
      `mount -t proc proc ${this.#root}/proc`,
      `mount --bind ${addons} ${this.#root}/mnt/addons`,
      'exec "$@"',
    ].join(" && ");
    const command = [
      ...["-m", "sh", "-c", script, "sh"],
      ...["chroot", "--userspec=odoo:odoo", this.#root, "/usr/bin/env", "-i"],
      ...[
        `HOME=${this.#home}/data`,
        "PATH=/usr/bin:/bin",
        "LANG=C.UTF-8",
        "PYTHONDONTWRITEBYTECODE=1",
        ...passedOn(),
      ],
      ...["odoo", ...subcommand, "-c", `${this.#home}/odoo.conf`, ...rest],
    ];
    return ["unshare", command];
  }

  async sql(database: string, query: string): Promise<string> {
    const { postgresPort } = this.#state();
    const connect = [
      "-h",
      "127.0.0.1",
      "-p",
      String(postgresPort),
      "-U",
      "postgres",
      "-d",
      database,
    ];
    return run(
      "chroot",
      [this.#root, "psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", ...connect],
      { input: query },
    );
  }

  async copyFiles(from: string, to: string): Promise<void> {
    const files = join(this.#root, this.#home, "data/filestore");
    if (existsSync(join(files, from))) {
      await run("cp", ["-a", "--reflink=auto", join(files, from), join(files, to)]);
    }
  }

  async removeFiles(database: string): Promise<void> {
    const folder = join(this.#root, this.#home, "data/filestore", database);
    if (existsSync(folder) && statSync(folder).isDirectory()) {
      rmSync(folder, { recursive: true });
    }
  }

  async #in(command: readonly string[]): Promise<string> {
    return run("chroot", [this.#root, ...command]);
  }

  async #asPostgres(command: string): Promise<string> {
    return this.#in(["su", "postgres", "-s", "/bin/sh", "-c", command]);
  }
}

function checkoutName(): string {
  return createHash("sha256").update(CHECKOUT).digest("hex").slice(0, 12);
}

async function healthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/web/health`, { signal: AbortSignal.timeout(5000) });
    return response.ok;
  } catch {
    return false; // not up yet, or gone
  }
}
