/** A whole bridge for a test: own directory, free ports, the tiny source, a fake Odoo. */
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { checkConfig, type Config } from "../../bridge/config.ts";
import { createLogger } from "../../bridge/logger.ts";
import { startBridge, type Bridge, type BridgeOptions } from "../../bridge/main.ts";
import { testSources } from "./test_source.ts";

export const ADMIN_TOKEN = "admin-token-canary";

/** Asks the admin port of a test bridge, with its token. */
export function askAdmin(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers };
  return fetch(url, { ...init, headers });
}

export const HOOK_SECRET = "hook-secret-canary";

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "milepost-"));
}

export interface TestBridgeParts {
  odooUrl: string;
  peerUrl?: string;
  dataDir?: string;
  /** Merged over the connection `acme`. */
  connection?: Record<string, unknown>;
  /** Codes of connections that are like `acme`. */
  others?: readonly string[];
  odoo?: Record<string, unknown>;
  intake?: Record<string, unknown>;
  admin?: Record<string, unknown>;
  backup?: Record<string, unknown>;
  store?: Record<string, unknown>;
  environment?: string;
  options?: BridgeOptions;
}

/** The configuration of a test bridge, as an object like YAML gives it. */
export function testTree(parts: TestBridgeParts & { dataDir: string }): Record<string, unknown> {
  const peer = parts.peerUrl === undefined ? {} : { peer: { base_url: parts.peerUrl } };
  const acme = {
    source: "tiny",
    webhook: {
      verifier: { scheme: "hmac", header: "x-signature", keys: [{ secret: HOOK_SECRET }] },
    },
    ...peer,
    ...parts.connection,
  };
  return {
    environment: parts.environment ?? "test",
    data_dir: parts.dataDir,
    log_level: "debug",
    intake: { port: 0, ...parts.intake },
    admin: { port: 0, token: ADMIN_TOKEN, ...parts.admin },
    ...(parts.store === undefined ? {} : { store: parts.store }),
    odoo: {
      url: parts.odooUrl,
      database: "test",
      api_key: "key-1",
      probe_seconds: 0.2,
      call_seconds: 5,
      ...parts.odoo,
    },
    ...(parts.backup === undefined ? {} : { backup: parts.backup }),
    connections: ["acme", ...(parts.others ?? [])].map((code) => ({ code, ...acme })),
  };
}

export function testConfig(parts: TestBridgeParts & { dataDir: string }): Config {
  return checkConfig(testTree(parts), {}, testSources);
}

export class TestBridge {
  readonly bridge: Bridge;
  readonly dataDir: string;
  readonly config: Config;
  readonly log: string[];

  constructor(bridge: Bridge, dataDir: string, config: Config, log: string[]) {
    this.bridge = bridge;
    this.dataDir = dataDir;
    this.config = config;
    this.log = log;
  }

  static async start(parts: TestBridgeParts): Promise<TestBridge> {
    const dataDir = parts.dataDir ?? temporaryDirectory();
    const config = testConfig({ ...parts, dataDir });
    const log: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        log.push(chunk.toString("utf8"));
        done();
      },
    });
    const options = { sources: testSources, log: createLogger("debug", stream), ...parts.options };
    return new TestBridge(await startBridge(config, options), dataDir, config, log);
  }

  get intake(): string {
    return this.bridge.urls.intake;
  }

  get admin(): string {
    return this.bridge.urls.admin;
  }

  /** Posts a signed message; gives the response. */
  post(
    message: unknown,
    headers: Record<string, string> = {},
    connection = "acme",
  ): Promise<Response> {
    return postSigned(this.intake, message, headers, connection);
  }

  /** Stops; the directory stays for a next start unless it is to go. */
  async stop(keep = false): Promise<void> {
    await this.bridge.stop();
    if (!keep) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Posts to the webhook of a connection with a right signature. */
export function postSigned(
  intake: string,
  message: unknown,
  headers: Record<string, string> = {},
  connection = "acme",
): Promise<Response> {
  const body = typeof message === "string" ? message : JSON.stringify(message);
  const signature = createHmac("sha256", HOOK_SECRET).update(body).digest("hex");
  return fetch(`${intake}/webhooks/${connection}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-signature": signature, ...headers },
    body,
  });
}
