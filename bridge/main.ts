/**
 * The composition root: the only file that names a concrete store, queue or list of sources.
 *
 * `startBridge` starts everything in the order in which it can be relied on, `stop` ends it the
 * other way round: first the door, then what is under way, then the store.
 */
import { adminApp } from "./admin/admin_app.ts";
import { CONTRACT_VERSION } from "./canonical/exchange.ts";
import { systemClock, type Clock } from "./clock.ts";
import type { Config, Sources } from "./config.ts";
import type { Connection } from "./connection.ts";
import { Deliverer } from "./delivery/deliverer.ts";
import { OdooLink } from "./odoo/odoo_link.ts";
import { StatusReporter } from "./delivery/status_reporter.ts";
import { errorText, MilepostError } from "./errors.ts";
import { listen } from "./http_listener.ts";
import { createFileIntakes } from "./intake/folder/file_intakes.ts";
import { ownerName } from "./intake/folder/owner.ts";
import { Normalizer } from "./intake/normalizer.ts";
import { Poller } from "./intake/poller.ts";
import { webhookApp } from "./intake/webhook.ts";
import { createLogger, type Logger } from "./logger.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { ExchangeApi } from "./odoo/exchange_api.ts";
import { Json2Transport } from "./odoo/json2.ts";
import type { OdooTransport } from "./odoo/transport.ts";
import { XmlrpcTransport } from "./odoo/xmlrpc.ts";
import { OrderCourier } from "./outbound/order_courier.ts";
import { ReplyCourier } from "./outbound/reply_courier.ts";
import { mappedSource } from "./partners/partner.ts";
import { PartnerBook } from "./partners/partner_book.ts";
import { PauseBoard } from "./pause_board.ts";
import { createPeer } from "./peer/create_peer.ts";
import type { FactQueue } from "./queue/queue.ts";
import { LONGEST_DELAY_MS } from "./queue/retry_policy.ts";
import { sqliteQueue } from "./queue/sqlite/sqlite_queue.ts";
import { Wake } from "./queue/wake.ts";
import { sources as allSources } from "./sources/registry.ts";
import { diskGuard, type DiskGuard } from "./store/disk_guard.ts";
import { Housekeeper } from "./store/housekeeper.ts";
import { openDatabase } from "./store/sqlite/database.ts";
import { lockDirectory } from "./store/sqlite/lock.ts";
import { sqliteStore } from "./store/sqlite/sqlite_store.ts";
import type { ReadScope, Store } from "./store/store.ts";
import { VERSION } from "./version.ts";

/** What is under way at a stop gets this long; the systemd unit waits longer. */
export const DRAIN_MS = 20_000;

export interface Bridge {
  readonly urls: { intake: string; admin: string };
  /** Resolves when a part of the bridge ended by itself, which is a fault of the program. */
  readonly failure: Promise<unknown>;
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

/** The store and the queue of a data directory, for tools beside a running bridge. */
export function openStore(dataDir: string): { store: Store; queue: FactQueue } {
  const database = openDatabase(dataDir, { as: "tool" });
  return { store: sqliteStore(database), queue: sqliteQueue(database) };
}

/** What a stop does, last first. */
type Ends = Array<() => Promise<void> | void>;

/** The Odoo of a configuration, for tools beside a running bridge. */
export function openExchange(config: Config): ExchangeApi {
  return new ExchangeApi(createTransport(config, createMetrics()));
}

/** Everything that the parts share. */
interface Frame {
  config: Config;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  store: Store;
  queue: FactQueue;
  pauses: PauseBoard;
  disk: DiskGuard;
  partners: PartnerBook;
  connections: Connection[];
}

/**
 * Starts the bridge. Throws MilepostError when it cannot start: the data directory is in use,
 * belongs to another environment, or a port is taken. An Odoo that is down is no such reason.
 */
export async function startBridge(config: Config, options: BridgeOptions = {}): Promise<Bridge> {
  const unlock = lockDirectory(config.data_dir);
  const ends: Ends = [unlock];
  const stopAll = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const frame = await createFrame(config, options, ends);
    let fail: (error: unknown) => void = () => undefined;
    const failure = new Promise<unknown>((resolve) => (fail = resolve));
    const urls = await startParts(frame, ends, fail);
    let stopping: Promise<void> | undefined;
    return { urls, failure, stop: () => (stopping ??= stopAll()) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function createFrame(config: Config, options: BridgeOptions, ends: Ends): Promise<Frame> {
  const clock = options.clock ?? systemClock();
  const log = options.log ?? createLogger(config.log_level);
  const metrics = createMetrics();
  metrics.buildInfo.set({ version: VERSION, node: process.version, contract: CONTRACT_VERSION }, 1);
  const observer = {
    committed: (units: number, seconds: number) => {
      metrics.commit.observe(seconds);
      metrics.commitGroup.observe(units);
    },
  };
  const database = openDatabase(config.data_dir, { as: "bridge", observer });
  const store = sqliteStore(database);
  ends.push(() => store.close());
  await checkEnvironment(store, config.environment);
  const queue = sqliteQueue(database);
  const { released } = await queue.recover(config.odoo.lanes, clock.steady(), LONGEST_DELAY_MS);
  if (released > 0) log.info("facts in flight released", { count: released });
  await store.pauses.clearAll();
  const pauses = new PauseBoard(store.pauses, clock, log, metrics);
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
    ends,
  );
  return { config, clock, log, metrics, store, queue, pauses, disk, partners, connections };
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

async function createConnections(
  config: Config,
  sources: Sources,
  partners: PartnerBook,
  clock: Clock,
  metrics: Metrics,
  ends: Ends,
): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (const it of config.connections) {
    const source = sources.get(it.source);
    if (source === undefined) throw new Error(`source ${it.source} is not there`);
    const open = createPeer(it, clock, metrics);
    if (open !== undefined) ends.push(() => open.close());
    const parts = { code: it.code, config: it, source, peer: open?.peer };
    if (source.id === mappedSource.id) {
      const file = mappedSource.settings.parse(it.settings);
      await partners.add(file);
      const { name } = file.mapping.mapping;
      // Asked for with each message: the version in use may change while the bridge runs.
      connections.push({
        ...parts,
        get settings() {
          return partners.current(name);
        },
      });
    } else connections.push({ ...parts, settings: source.settings.parse(it.settings) });
  }
  return connections;
}

/** Who reads which connections' messages, and what wakes them. */
type Readers = ReadonlyArray<{ wake: Wake; scope: ReadScope }>;

/** Connections whose reading may take long have a reader of their own, so that no other waits. */
function readers(connections: readonly Connection[]): Readers {
  const apart = connections.filter(({ source }) => source.apart === true).map((it) => it.code);
  const own = apart.map((code) => ({ wake: new Wake(), scope: { only: code } }));
  return [{ wake: new Wake(), scope: { except: apart } }, ...own];
}

function ring(unread: Readers): void {
  for (const { wake } of unread) wake.ring();
}

/** The parts that work in the background, and what wakes them. */
interface Works {
  deliverer: Deliverer;
  unread: Readers;
  /** Told when a part ends by itself. */
  fail: (error: unknown) => void;
}

async function startParts(
  frame: Frame,
  ends: Ends,
  fail: (error: unknown) => void,
): Promise<Bridge["urls"]> {
  const { config, log, store } = frame;
  const api = new ExchangeApi(createTransport(config, frame.metrics));
  ends.push(() => api.close());
  let draining = false;
  const unread = readers(frame.connections);
  const onAccepted = () => ring(unread);
  const link = new OdooLink({
    ...frame,
    api,
    config: config.odoo,
    connections: frame.connections.map((it) => it.code),
    properties: store.properties,
  });
  const deliverer = new Deliverer({ ...frame, api, link, config: config.odoo });
  const door = { ...frame, draining: () => draining };
  const onReplayed = () => {
    ring(unread);
    deliverer.wake();
  };
  const admin = adminApp({ ...door, token: config.admin.token, onReplayed });
  const adminListener = await listen(admin, { ...config.admin, requestSeconds: 30 });
  ends.push(() => adminListener.close(1000));
  ends.push(startWorkers(frame, api, link, { deliverer, unread, fail }));

  const intake = webhookApp({ ...door, intake: config.intake, inbox: store.inbox, onAccepted });
  const limits = { ...config.intake, requestSeconds: config.intake.request_seconds };
  const listener = await listen(intake, limits);
  ends.push(async () => {
    draining = true;
    await listener.close(DRAIN_MS);
  });
  const { environment } = config;
  log.info("bridge started", { url: listener.url, version: VERSION, environment });
  return { intake: listener.url, admin: adminListener.url };
}

function createTransport({ odoo }: Config, metrics: Metrics): OdooTransport {
  return odoo.transport === "json2"
    ? new Json2Transport(odoo, metrics)
    : new XmlrpcTransport(odoo, metrics);
}

/** Starts what runs until the stop; gives the function that ends it. */
function startWorkers(
  frame: Frame,
  api: ExchangeApi,
  link: OdooLink,
  { deliverer, unread, fail }: Works,
): () => Promise<void> {
  const { config, connections, log, store } = frame;
  const stop = new AbortController();
  const hard = new AbortController();
  const { inbox, orders, deadLetters } = store;
  const byCode = new Map(connections.map((it) => [it.code, it]));
  const onFacts = () => deliverer.wake();
  const onAccepted = () => ring(unread);
  const replyWakes = connections.map(() => new Wake());
  const onReplies = () => replyWakes.forEach((it) => it.ring());
  const replyCouriers = connections.map(
    (connection, index) =>
      new ReplyCourier({
        ...frame,
        connection,
        replies: store.replies,
        wake: replyWakes[index] as Wake,
      }),
  );
  const reading = { ...frame, inbox, connections: byCode, onFacts, onReplies };
  const reporter = new StatusReporter({ ...frame, api, link, connections: [...byCode.keys()] });
  const files = createFileIntakes(connections, {
    ...frame,
    inbox,
    deadLetters,
    onAccepted,
    owner: ownerName(config.data_dir),
  });
  const running = [
    link.run(stop.signal),
    deliverer.run(stop.signal, hard.signal),
    frame.partners.run(stop.signal),
    ...unread.map((it) => new Normalizer({ ...reading, ...it }).run(stop.signal)),
    reporter.run(stop.signal),
    new Housekeeper({ ...frame, inbox, config: config.store }).run(stop.signal),
    ...files.intakes.map((it) => it.run(stop.signal)),
    ...pollers(frame, onAccepted).map((it) => it.run(stop.signal)),
    ...couriers(frame, { api, link, orders, deadLetters }).map((it) =>
      it.run(stop.signal, hard.signal),
    ),
    ...replyCouriers.map((it) => it.run(stop.signal, hard.signal)),
  ];
  for (const part of running) {
    part.catch((error: unknown) => {
      log.error("a part of the bridge ended", { reason: errorText(error) });
      fail(error);
    });
  }
  return async () => {
    stop.abort();
    const timer = setTimeout(() => hard.abort(), DRAIN_MS);
    await Promise.allSettled(running);
    clearTimeout(timer);
    await files.close();
  };
}

function pollers(frame: Frame, onAccepted: () => void): Poller[] {
  const { inbox } = frame.store;
  return frame.connections.flatMap((connection) => {
    const { peer, config } = connection;
    if (peer === undefined || config.poll?.enabled !== true) return [];
    return [new Poller({ ...frame, connection, peer, inbox, onAccepted })];
  });
}

function couriers(
  frame: Frame,
  parts: Pick<
    ConstructorParameters<typeof OrderCourier>[0],
    "api" | "link" | "orders" | "deadLetters"
  >,
): OrderCourier[] {
  return frame.connections.flatMap((connection) => {
    const { peer, config, source } = connection;
    if (peer === undefined || !config.orders.enabled || source.sendOrder === undefined) return [];
    const sendOrder = source.sendOrder.bind(source);
    const outcomes = source.sendOutcome ? { sendOutcome: source.sendOutcome.bind(source) } : {};
    return [new OrderCourier({ ...frame, ...parts, connection, peer, sendOrder, ...outcomes })];
  });
}
