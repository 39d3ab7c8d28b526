/**
 * The bridge as its operators run it: a process of its own, `milepost run --config FILE`. Being a
 * process, it can be killed in the middle, which is what the demo's `--kill` does.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";

const CLI = fileURLToPath(new URL("../../bridge/cli.ts", import.meta.url));

/** As milepost.service and the package's command start it. */
export const NODE_FLAGS = ["--max-semi-space-size=8", "--max-old-space-size=1024"] as const;

/** On a machine that is busy with more than this. */
const LONGEST_START_MS = 90_000;

export interface BridgeSettings {
  /** Folder for the configuration, the log and, unless `dataDir` is given, the store. */
  folder: string;
  dataDir?: string;
  odoo: { url: string; database: string; apiKey: string };
  connection: string;
  webhookSecret: string;
  /** Where to poll and to send orders; without it the bridge only takes webhooks. */
  tms?: { url: string; token: string };
  /** Where partners' files lie; the default otherwise. */
  partnersDir?: string;
  /** Further connections, as in the configuration. */
  connections?: readonly object[];
  /** How the orders' courier goes; quicker than by default otherwise, so that a demo is short. */
  orders?: object;
  /** Of the store; its defaults otherwise. */
  store?: object;
  intakePort: number;
  adminPort: number;
}

export class BridgeProcess {
  readonly #settings: BridgeSettings;
  readonly #config: string;
  readonly #log: string;
  readonly #adminToken = randomUUID();
  #child: ChildProcess | undefined;

  constructor(settings: BridgeSettings) {
    this.#settings = settings;
    this.#config = join(settings.folder, "config.yaml");
    this.#log = join(settings.folder, "bridge.log");
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.#settings.adminPort}`;
  }

  /** Asks the admin port, which opens to its token. */
  askAdmin(path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#adminToken}` };
    return fetch(`${this.adminUrl}${path}`, { headers });
  }

  get webhookSecret(): string {
    return this.#settings.webhookSecret;
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${this.#settings.intakePort}/webhooks/${this.#settings.connection}`;
  }

  get adminSocket(): string {
    return join(dataDirOf(this.#settings), "admin.sock");
  }

  /** Of the process that runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get logFile(): string {
    return this.#log;
  }

  /** Starts the bridge and waits until it takes messages. Throws when it ends instead. */
  async start(): Promise<void> {
    // Without a pause before the process is known: a kill that came in it would miss the process.
    writeFileSync(this.#config, stringify(configuration(this.#settings, this.#adminToken)), {
      mode: 0o600,
    });
    const args = [...NODE_FLAGS, CLI, "run", "--config", this.#config];
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: withoutOverrides(process.env),
    });
    const log = createWriteStream(this.#log, { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#child = child;
    const deadline = performance.now() + LONGEST_START_MS;
    for (;;) {
      const fault = await readiness(`${this.adminUrl}/readyz`);
      const isGone = child.exitCode !== null || child.signalCode !== null;
      if (isGone || performance.now() > deadline) {
        // The folder goes away with the demo: its last words are told here.
        const words = readFileSync(this.#log, "utf8").trim().split("\n").slice(-5).join("\n");
        throw new Error(`The bridge did not start: ${fault ?? "it ended"}\n${words}`);
      }
      if (fault === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the process at once, as a power cut or the kernel would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Lets the bridge finish what it has in hand. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}

/** What names a server for the demo would be an unknown key of the bridge's configuration. */
function withoutOverrides(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("MILEPOST_"));
  return Object.fromEntries(kept);
}

/** Why it is not ready, in its own words; undefined when it is. */
async function readiness(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url);
    return answer.ok ? undefined : await answer.text();
  } catch {
    return "it does not listen yet"; // the caller asks again until its deadline
  }
}

function dataDirOf({ folder, dataDir = folder }: BridgeSettings): string {
  return dataDir;
}

function configuration(settings: BridgeSettings, token: string): object {
  const { tms } = settings;
  return {
    environment: "demo",
    data_dir: dataDirOf(settings),
    ...(settings.partnersDir !== undefined && { partners_dir: settings.partnersDir }),
    intake: { host: "127.0.0.1", port: settings.intakePort },
    admin: { host: "127.0.0.1", port: settings.adminPort, token },
    odoo: {
      url: settings.odoo.url,
      database: settings.odoo.database,
      api_key: settings.odoo.apiKey,
    },
    ...(settings.store !== undefined && { store: settings.store }),
    connections: [
      ...(settings.connections ?? []),
      {
        code: settings.connection,
        source: "otm5",
        webhook: {
          verifier: { scheme: "standard_webhooks", keys: [{ secret: settings.webhookSecret }] },
        },
        ...(tms !== undefined && {
          poll: { interval_seconds: 0.5, max_interval_seconds: 2 },
          orders: settings.orders ?? {
            interval_seconds: 0.2,
            max_interval_seconds: 0.5,
            lease_seconds: 30,
          },
          peer: {
            base_url: tms.url,
            request_seconds: 3,
            auth: { type: "bearer", token: tms.token },
          },
        }),
      },
    ],
  };
}
