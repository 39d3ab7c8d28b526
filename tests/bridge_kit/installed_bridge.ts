/**
 * A bridge as its operator has it: configuration file, command line and ports, nothing of its inside.
 * So the tests of it run against any release: MILEPOST_CHECKOUT names the directory of another one.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { FakeOdoo } from "./fake_odoo.ts";
import { temporaryDirectory } from "./test_bridge.ts";

const root = process.env["MILEPOST_CHECKOUT"] ?? join(import.meta.dirname, "../..");
const cli = join(root, "bridge/cli.ts");
const SECRET = "webhook-secret-of-acme";
const TOKEN = "admin-token-of-the-operator";

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `milepost …` to its end, with these variables and no others. */
export function milepost(config: string, args: readonly string[], env = {}): Promise<Said> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [cli, "--config", config, ...args],
      { env: { PATH: process.env["PATH"], ...env }, timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    ),
  );
}

/** A trip of OTM5 that says its status: one fact of one shipment. */
export function trip(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  return { id, entityType: "trip", name: id, status: "accepted", ...more };
}

export class InstalledBridge {
  readonly odoo = new FakeOdoo();
  readonly directory = temporaryDirectory();
  readonly data = join(this.directory, "data");
  readonly config = join(this.directory, "config.yaml");
  log = "";
  urls = { intake: "", admin: "" };
  #process: ChildProcess | undefined;

  /** Writes the configuration; keys of the top are merged over those that each release knows. */
  configure(more: Record<string, Record<string, unknown>> = {}): void {
    const keys = [{ secret: { env: "ACME_SECRET" } }];
    const verifier = { scheme: "hmac", header: "x-signature", keys };
    const odoo = { url: this.odoo.url, database: "test", api_key: { env: "ODOO_KEY" } };
    const tree = {
      environment: "test",
      data_dir: this.data,
      log_level: "debug",
      intake: { port: 0, ...more["intake"] },
      admin: { port: 0, token: { env: "ADMIN_TOKEN" } },
      odoo: { ...odoo, probe_seconds: 0.2, ...more["odoo"] },
      ...(more["backup"] === undefined ? {} : { backup: more["backup"] }),
      connections: [{ code: "acme", source: "otm5", webhook: { verifier }, ...more["connection"] }],
    };
    writeFileSync(this.config, JSON.stringify(tree), { mode: 0o600 });
  }

  get secrets(): Record<string, string> {
    return { ODOO_KEY: this.odoo.apiKey, ADMIN_TOKEN: TOKEN, ACME_SECRET: SECRET };
  }

  async start(): Promise<void> {
    const args = [cli, "--config", this.config, "--json", "run"];
    const env = { PATH: process.env["PATH"], ...this.secrets };
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.stderr.on("data", (data: Buffer) => (this.log += data.toString()));
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.on("line", (line) => {
        this.log += `${line}\n`;
        if (!line.startsWith('{"started":')) return;
        this.urls = (JSON.parse(line) as { started: InstalledBridge["urls"] }).started;
        resolve();
      });
      child.once("exit", () => reject(new Error(`the bridge did not start: ${this.log}`)));
    });
  }

  /** Ends it, by default whatever it is doing. */
  async stop(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const child = this.#process;
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, "exit");
    }
    this.#process = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.odoo.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  run(...args: string[]): Promise<Said> {
    return milepost(this.config, args, this.secrets);
  }

  readonly authorization = { authorization: `Bearer ${TOKEN}` };

  ask(path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    return fetch(this.urls.admin + path, {
      ...init,
      headers: { ...this.authorization, ...headers },
    });
  }

  /** Posts a message with the right signature. */
  post(message: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const body = JSON.stringify(message);
    const signature = createHmac("sha256", SECRET).update(body).digest("hex");
    return fetch(`${this.urls.intake}/webhooks/acme`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-signature": signature, ...headers },
      body,
    });
  }
}
