/**
 * The bridge as its operators run it: a process of its own, `milepost run --config FILE`. Being a
 * process, it can be killed in the middle, which is what the demo's `--kill` does.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";

const CLI = fileURLToPath(new URL("../../bridge/cli.ts", import.meta.url));

/** On a machine that is busy with more than this. */
const LONGEST_START_MS = 90_000;

export interface BridgeSettings {
  /** Folder for the store, the configuration and the log. */
  folder: string;
  odoo: { url: string; database: string; apiKey: string };
  connection: string;
  webhookSecret: string;
  /** Where to poll and to send orders; without it the bridge only takes webhooks. */
  tms?: { url: string; token: string };
  intakePort: number;
  adminPort: number;
}

export class BridgeProcess {
  readonly #settings: BridgeSettings;
  readonly #config: string;
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor(settings: BridgeSettings) {
    this.#settings = settings;
    this.#config = join(settings.folder, "config.yaml");
    this.#log = join(settings.folder, "bridge.log");
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.#settings.adminPort}`;
  }

  get webhookSecret(): string {
    return this.#settings.webhookSecret;
  }

  get webhookUrl(): string {
    return `http://127.0.0.1:${this.#settings.intakePort}/webhooks/${this.#settings.connection}`;
  }

  get logFile(): string {
    return this.#log;
  }

  /** Starts the bridge and waits until it takes messages. Throws when it ends instead. */
  async start(): Promise<void> {
    // Without a pause before the process is known: a kill that came in it would miss the process.
    writeFileSync(this.#config, stringify(configuration(this.#settings)), { mode: 0o600 });
    const child = spawn(process.execPath, [CLI, "run", "--config", this.#config], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = createWriteStream(this.#log, { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.#child = child;
    const deadline = performance.now() + LONGEST_START_MS;
    for (;;) {
      const isUp = await answers(`${this.adminUrl}/readyz`);
      const isGone = child.exitCode !== null || child.signalCode !== null;
      if (isGone || performance.now() > deadline) {
        throw new Error(`The bridge did not start; its log is ${this.#log}`);
      }
      if (isUp) return;
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

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false; // not listening yet: the caller asks again until its deadline
  }
}

function configuration(settings: BridgeSettings): object {
  const { tms } = settings;
  return {
    environment: "demo",
    data_dir: settings.folder,
    intake: { host: "127.0.0.1", port: settings.intakePort },
    admin: { host: "127.0.0.1", port: settings.adminPort },
    odoo: {
      url: settings.odoo.url,
      database: settings.odoo.database,
      api_key: settings.odoo.apiKey,
    },
    connections: [
      {
        code: settings.connection,
        source: "otm5",
        webhook: {
          verifier: { scheme: "standard_webhooks", keys: [{ secret: settings.webhookSecret }] },
        },
        ...(tms !== undefined && {
          poll: { interval_seconds: 0.5, max_interval_seconds: 2 },
          orders: { interval_seconds: 0.2, max_interval_seconds: 0.5, lease_seconds: 30 },
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
