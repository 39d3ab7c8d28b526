/** Odoo and PostgreSQL from the official images, one pair of containers per checkout. */
import { createHash } from "node:crypto";
import { ADDONS_FOLDER } from "../addons.ts";
import { CHECKOUT } from "./debian_host.ts";
import { freePort } from "./free_port.ts";
import {
  BASE_MODULES,
  passedOn,
  POSTGRES_SETTINGS,
  type OdooHost,
  type OdooRun,
  type OwnServer,
} from "./host.ts";
import { run } from "./processes.ts";
import type { Log } from "./progress.ts";

const FILES = "/var/lib/odoo/filestore";

/** Why Docker cannot be used, or null when it can. */
export async function dockerObstacle(): Promise<string | null> {
  return run("docker", ["info", "--format", "{{.ServerVersion}}"]).then(
    () => null,
    () => "no engine answers `docker info`",
  );
}

export class DockerHost implements OdooHost {
  readonly description = "Docker images odoo:19 and postgres:17";
  readonly name: string;
  readonly #log: Log;

  private constructor(name: string, log: Log) {
    this.name = name;
    this.#log = log;
  }

  static async open(log: Log): Promise<DockerHost> {
    const host = new DockerHost(
      createHash("sha256").update(CHECKOUT).digest("hex").slice(0, 12),
      log,
    );
    await host.startDatabase();
    const found = await host.sql("postgres", "SELECT 1 FROM pg_database WHERE datname = 'base'");
    if (found.trim() !== "1") await host.#createBase();
    return host;
  }

  get #postgres(): string {
    return `milepost-postgres-${this.name}`;
  }

  get #odoo(): string {
    return `milepost-odoo-${this.name}`;
  }

  async #createBase(): Promise<void> {
    this.#log("creating the base database (about a minute)");
    await this.odoo([
      ...["-d", "base_new", "-i", BASE_MODULES, "--skip-auto-install"],
      ...["--stop-after-init", "--no-http"],
    ]);
    await this.sql("postgres", "ALTER DATABASE base_new RENAME TO base");
    await this.copyFiles("base_new", "base");
    await this.removeFiles("base_new");
  }

  async version(): Promise<string> {
    const id = await run("docker", ["image", "inspect", "-f", "{{.Id}}", "odoo:19"]);
    return id.trim().replace(":", "-");
  }

  async startDatabase(): Promise<void> {
    if (await running(this.#postgres)) return;
    this.#log("starting PostgreSQL in a container");
    await run("docker", ["network", "create", this.#postgres]).catch(() => ""); // there already
    await run("docker", ["rm", "-f", this.#postgres]).catch(() => ""); // there was none
    await run("docker", [
      ...["run", "-d", "--name", this.#postgres, "--network", this.#postgres],
      ...["-v", `${this.#postgres}:/var/lib/postgresql/data`],
      ...["-e", "POSTGRES_USER=odoo", "-e", "POSTGRES_PASSWORD=odoo", "-e", "POSTGRES_DB=postgres"],
      "postgres:17",
      ...POSTGRES_SETTINGS.flatMap((setting) => ["-c", setting.replaceAll(" ", "")]),
    ]);
    const ready = ["exec", this.#postgres, "pg_isready", "-h", "127.0.0.1", "-U", "odoo"];
    const deadline = performance.now() + 60_000;
    while (
      !(await run("docker", ready).then(
        () => true,
        () => false,
      ))
    ) {
      if (performance.now() > deadline) throw new Error("PostgreSQL's container is not ready");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  async startServer(version: string): Promise<{ url: string }> {
    const label = await run("docker", [
      ...[
        "inspect",
        "-f",
        '{{index .Config.Labels "milepost.addon"}} {{index .Config.Labels "milepost.port"}}',
      ],
      this.#odoo,
    ]).catch(() => "");
    const [runningVersion, port] = label.trim().split(" ");
    if (runningVersion === version && (await running(this.#odoo))) {
      return { url: `http://127.0.0.1:${port}` };
    }
    const httpPort = await freePort();
    this.#log(`starting Odoo in a container on port ${httpPort}`);
    await this.stopServer();
    const labels = ["--label", `milepost.addon=${version}`, "--label", `milepost.port=${httpPort}`];
    await run("docker", [
      ...["run", "-d", "--name", this.#odoo, ...labels, "-p", `127.0.0.1:${httpPort}:8069`],
      ...this.#mounts(),
      ...["odoo:19", "odoo", "--workers=0"],
    ]);
    const url = `http://127.0.0.1:${httpPort}`;
    await this.#answers(url, this.#odoo);
    return { url };
  }

  async serve(database: string, addons: string): Promise<OwnServer> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const name = `${this.#odoo}-${database}`;
    await run("docker", [
      ...["run", "-d", "--rm", "--name", name, "-p", `127.0.0.1:${port}:8069`],
      ...this.#mounts(addons),
      ...["odoo:19", "odoo", "--workers=0", "--max-cron-threads=0", `--db-filter=^${database}$`],
    ]);
    await this.#answers(url, name);
    return { url, stop: async () => void (await run("docker", ["rm", "-f", name])) };
  }

  async #answers(url: string, container: string): Promise<void> {
    const deadline = performance.now() + 120_000;
    while (
      !(await fetch(`${url}/web/health`).then(
        (it) => it.ok,
        () => false,
      ))
    ) {
      if (performance.now() > deadline)
        throw new Error(`Odoo's container ${container} is not ready`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  #mounts(addons = ADDONS_FOLDER): string[] {
    return [
      ...["--network", this.#postgres, "-v", `${this.#odoo}:/var/lib/odoo`],
      ...["-v", `${addons}:/mnt/extra-addons:ro`],
      ...["-e", `HOST=${this.#postgres}`, "-e", "USER=odoo", "-e", "PASSWORD=odoo"],
      ...passedOn().flatMap((one) => ["-e", one]),
    ];
  }

  async stopServer(): Promise<void> {
    await run("docker", ["rm", "-f", this.#odoo]).catch(() => ""); // was not running
  }

  async crash(what: "server" | "database"): Promise<void> {
    await run("docker", ["kill", what === "server" ? this.#odoo : this.#postgres]);
  }

  async stop(): Promise<void> {
    await this.stopServer();
    await run("docker", ["stop", this.#postgres]).catch(() => ""); // was not running
  }

  async odoo(args: readonly string[], options: OdooRun = {}): Promise<string> {
    const { ports: _ports, addons, ...rest } = options; // a container has its own ports
    return run(...this.odooCommand(args, addons), rest);
  }

  odooCommand(args: readonly string[], addons?: string): [command: string, args: string[]] {
    return ["docker", ["run", "--rm", "-i", ...this.#mounts(addons), "odoo:19", "odoo", ...args]];
  }

  async sql(database: string, query: string): Promise<string> {
    const psql = ["psql", "-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-U", "odoo"];
    return run("docker", ["exec", "-i", this.#postgres, ...psql, "-d", database], { input: query });
  }

  async copyFiles(from: string, to: string): Promise<void> {
    await this.#files(`[ ! -d ${FILES}/${from} ] || cp -a ${FILES}/${from} ${FILES}/${to}`);
  }

  async removeFiles(database: string): Promise<void> {
    await this.#files(`rm -rf ${FILES}/${database}`);
  }

  async #files(script: string): Promise<void> {
    const volume = ["-v", `${this.#odoo}:/var/lib/odoo`];
    await run("docker", ["run", "--rm", ...volume, "--entrypoint", "sh", "odoo:19", "-c", script]);
  }
}

async function running(container: string): Promise<boolean> {
  const state = await run("docker", ["inspect", "-f", "{{.State.Running}}", container]).catch(
    () => "",
  );
  return state.trim() === "true";
}
