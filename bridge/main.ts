/**
 * The composition root: the only file that names a concrete store.
 *
 * `startBridge` starts everything in the order in which it can be relied on, `stop` ends it the
 * other way round: first the door, then what is under way, then the store.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { adminApp } from "./admin/admin_app.ts";
import { zeroMetrics } from "./admin/zero_metrics.ts";
import { CONTRACT_VERSION } from "./canonical/exchange.ts";
import { ClockWatch } from "./clock_watch.ts";
import { systemClock, type Clock } from "./clock.ts";
import { effectiveConfig, type Config, type Sources } from "./config.ts";
import { createConnections } from "./create_connections.ts";
import { Deliverer } from "./delivery/deliverer.ts";
import { MilepostError } from "./errors.ts";
import { DRAIN_MS, type BridgeContext } from "./bridge_context.ts";
import type { Disposers } from "./disposers.ts";
import { listen, listenSocket } from "./http_listener.ts";
import { webhookApp } from "./intake/webhook.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";
import { createTransport } from "./odoo/create_transport.ts";
import { ExchangeApi } from "./odoo/exchange_api.ts";
import { OdooLink } from "./odoo/odoo_link.ts";
import { PartnerBook } from "./partners/partner_book.ts";
import { PauseBoard } from "./pause_board.ts";
import { FactQueue } from "./queue/fact_queue.ts";
import { sources as allSources } from "./sources/registry.ts";
import { diskGuard } from "./store/disk_guard.ts";
import { FILE_NAME, openDatabase } from "./store/sqlite/database.ts";
import { dumpStore, loadStore } from "./store/sqlite/dump.ts";
import { lockDirectory } from "./store/sqlite/lock.ts";
import { openToRead } from "./store/sqlite/reader.ts";
import { copyStore, hasStore, inspectCopy } from "./store/sqlite/snapshot.ts";
import { sqliteStore } from "./store/sqlite/sqlite_store.ts";
import type { Store } from "./store/store.ts";
import type { StoreKey } from "./store/vault.ts";
import { StoreWatch } from "./store_watch.ts";
import { VERSION } from "./version.ts";
import { readers, ring, startWorkers } from "./workers.ts";

export interface Bridge {
  readonly urls: { intake: string; admin: string };
  /** Resolves when a part of the bridge ended by itself, which is a fault of the program. */
  readonly failure: Promise<unknown>;
  /** Whether the lanes to Odoo come round; see `Deliverer.isWorking`. */
  isWorking(): boolean;
  /** Stops gracefully: nothing new, what is under way to its end, then the store. Safe to call twice. */
  stop(): Promise<void>;
}

export interface BridgeOptions {
  /** The sources to speak; all of the registry when not given. */
  sources?: Sources;
  log?: Logger;
  clock?: Clock;
  /** Free bytes of the store's disk (tests). */
  freeBytes?: () => Promise<number>;
}

/** An Odoo that takes longer is met later; the door opens meanwhile. */
const FIRST_HELLO_MS = 3000;

/** The store of a data directory, for tools beside a running bridge. */
export function openStore(dataDir: string, keys: readonly StoreKey[] = []): Store {
  return sqliteStore(openDatabase(dataDir, { as: "tool", keys }));
}

/** The same for tools that only look: whether the store can be written or not. */
export function openStoreToRead(dataDir: string, keys: readonly StoreKey[] = []): Store {
  return sqliteStore(openToRead(dataDir, keys));
}

/** Making and taking back copies of the store. */
export const storeRecovery = {
  copies: { copy: copyStore, inspect: inspectCopy, has: hasStore, fileName: FILE_NAME },
  lock: lockDirectory,
  dump: dumpStore,
  load: loadStore,
};

/** The Odoo of a configuration, for tools beside a running bridge. */
export function openExchange(config: Config): ExchangeApi {
  return new ExchangeApi(createTransport(config, createMetrics()));
}

/**
 * Starts the bridge. Throws MilepostError when it cannot start: the data directory is in use,
 * belongs to another environment, or a port is taken. An Odoo that is down is no such reason.
 */
export async function startBridge(config: Config, options: BridgeOptions = {}): Promise<Bridge> {
  const unlock = lockDirectory(config.data_dir);
  const disposers: Disposers = [unlock];
  const stopAll = async () => {
    for (const end of disposers.splice(0).reverse()) await end();
  };
  try {
    const context = await createContext(config, options, disposers);
    let fail: (error: unknown) => void = () => undefined;
    const failure = new Promise<unknown>((resolve) => (fail = resolve));
    const parts = await startParts(context, disposers, fail);
    let stopping: Promise<void> | undefined;
    const { urls, isWorking } = parts;
    return { urls, failure, isWorking, stop: () => (stopping ??= stopAll()) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function createContext(
  config: Config,
  options: BridgeOptions,
  disposers: Disposers,
): Promise<BridgeContext> {
  const clock = options.clock ?? systemClock();
  const log = options.log ?? createLogger(config.log_level);
  const metrics = createMetrics();
  metrics.buildInfo.set({ version: VERSION, node: process.version, contract: CONTRACT_VERSION }, 1);
  let watch: StoreWatch | undefined;
  const observer = {
    committed: (units: number, seconds: number) => {
      metrics.commit.observe(seconds);
      metrics.commitGroup.observe(units);
    },
    failed: (error: unknown) => watch?.failed(error),
  };
  const database = openDatabase(config.data_dir, {
    as: "bridge",
    keys: config.store.keys,
    observer,
  });
  const store = sqliteStore(database);
  disposers.push(() => store.close());
  await checkEnvironment(store, config.environment);
  const queue = new FactQueue({ facts: store.facts, config: config.odoo, clock, log });
  const { released } = await queue.recover();
  if (released > 0) log.info("facts in flight released", { count: released });
  await store.pauses.clearAll();
  const pauses = new PauseBoard(store.pauses, clock, log, metrics);
  const storeWatch = (watch = new StoreWatch({ store, pauses, clock }));
  const minFree = config.store.min_free_mb * 1024 * 1024;
  const disk = diskGuard(config.data_dir, minFree, metrics, options.freeBytes);
  await disk.look();
  const partners = new PartnerBook({ partners: store.partners, clock, log });
  const connections = await createConnections(
    config,
    options.sources ?? allSources,
    partners,
    clock,
    metrics,
    disposers,
  );
  zeroMetrics(metrics, config.connections);
  const clockWatch = new ClockWatch(pauses);
  const own = { store, storeWatch, clockWatch, queue, pauses, disk, partners, connections };
  return { config, clock, log, metrics, ...own };
}

/** A staging configuration on production's store would mix what must never mix. */
async function checkEnvironment(store: Store, environment: string): Promise<void> {
  const before = await store.properties.get("environment");
  if (before === null) return store.properties.set("environment", environment);
  if (before === environment) return;
  throw new MilepostError(`The store belongs to environment "${before}", not "${environment}"`, {
    code: "environment_mismatch",
    retry: "pause",
    path: "environment",
    hint: "check environment and data_dir in the configuration",
  });
}

/** When each webhook's last key ends, where that is configured. */
function sayWebhookKeys({ config, metrics }: BridgeContext): void {
  for (const { code, webhook } of config.connections) {
    const ends = (webhook?.verifier.keys ?? []).map((it) => it.not_after ?? Infinity);
    const last = Math.max(...ends);
    if (Number.isFinite(last)) {
      metrics.credentialExpiry.set({ credential: `webhook ${code}` }, last / 1000);
    }
  }
}

/** When the bridge ran, under which configuration; told by who may look at the audit alone. */
async function recordRun(context: BridgeContext, disposers: Disposers): Promise<void> {
  const { config, store, clock } = context;
  const text = JSON.stringify(effectiveConfig(config));
  const configuration = createHash("sha256").update(text).digest("hex");
  const entry = (action: "bridge started" | "bridge stopped") => ({
    at: clock.now().getTime(),
    by: "bridge",
    action,
    detail: { version: VERSION, environment: config.environment, configuration },
  });
  await store.audit.record(entry("bridge started"));
  // What cannot be written at the stop is seen by the next start, which has no stop before it.
  disposers.push(() => store.audit.record(entry("bridge stopped")).catch(() => undefined));
}

async function startParts(
  context: BridgeContext,
  disposers: Disposers,
  fail: (error: unknown) => void,
): Promise<Pick<Bridge, "urls" | "isWorking">> {
  const { config, log, store } = context;
  const api = new ExchangeApi(createTransport(config, context.metrics));
  disposers.push(() => api.close());
  let [starting, draining] = [true, false];
  const unread = readers(context.connections);
  const onAccepted = () => ring(unread);
  const link = new OdooLink({
    ...context,
    api,
    config: config.odoo,
    environment: config.environment,
    connections: context.connections.map((it) => it.code),
    properties: store.properties,
  });
  await link.refuseForeign(AbortSignal.timeout(FIRST_HELLO_MS));
  sayWebhookKeys(context);
  const deliverer = new Deliverer({ ...context, api, link, config: config.odoo });
  const door = { ...context, draining: () => draining };
  const onReplayed = () => {
    ring(unread);
    deliverer.wake();
  };
  const { token, read_token, hosts, host, socket } = config.admin;
  const limits = { requestSeconds: 30 };
  const byToken = {
    by: "token" as const,
    tokens: { operate: token, read: read_token },
    hosts: [...hosts, host],
  };
  // Before the door itself, so that it can be asked why a start takes long.
  const admin = { ...door, starting: () => starting, onReplayed };
  const port = adminApp({ ...admin, access: byToken });
  const adminListener = await listen(port, { ...config.admin, ...limits });
  disposers.push(() => adminListener.close(1000));
  const local = adminApp({ ...admin, access: { by: "socket" } });
  const path = socket ?? join(config.data_dir, "admin.sock");
  const socketListener = await listenSocket(local, path, limits);
  disposers.push(() => socketListener.close(1000));
  disposers.push(startWorkers(context, api, link, { deliverer, unread, fail }));

  const intake = webhookApp({ ...door, intake: config.intake, inbox: store.inbox, onAccepted });
  const requestSeconds = config.intake.request_seconds;
  const listener = await listen(intake, { ...config.intake, requestSeconds });
  starting = false;
  disposers.push(async () => {
    draining = true;
    await listener.close(DRAIN_MS);
  });
  const { environment } = config;
  await recordRun(context, disposers);
  log.info("bridge started", { url: listener.url, version: VERSION, environment });
  const urls = { intake: listener.url, admin: adminListener.url };
  return { urls, isWorking: () => deliverer.isWorking };
}
