/** The parts of the bridge that work in the background until the stop. */
import type { Connection } from "./connection.ts";
import type { Deliverer } from "./delivery/deliverer.ts";
import { FiguresWatch } from "./odoo/figures_watch.ts";
import { StatusReporter } from "./odoo/status_reporter.ts";
import { errorText } from "./errors.ts";
import { DRAIN_MS, type BridgeContext } from "./bridge_context.ts";
import { ComparisonWatch } from "./comparing/comparison_watch.ts";
import { DriftWatch } from "./drift/drift_watch.ts";
import { createFileIntakes } from "./intake/folder/file_intakes.ts";
import { ownerName } from "./intake/folder/owner.ts";
import { Normalizer } from "./normalize/normalizer.ts";
import { LinkClient } from "./proofs/link_client.ts";
import { peerCredentials } from "./proofs/peer_credentials.ts";
import { ProofFetcher } from "./proofs/proof_fetcher.ts";
import { Poller } from "./intake/poller.ts";
import { TrackingWatch } from "./outbound/tracking_watch.ts";
import type { ExchangeApi } from "./odoo/exchange_api.ts";
import type { OdooLink } from "./odoo/odoo_link.ts";
import { OutboxCourier, type Sending } from "./outbound/outbox_courier.ts";
import { ReplyCourier } from "./outbound/reply_courier.ts";
import { Wake } from "./wake.ts";
import { Housekeeper } from "./store/housekeeper.ts";
import type { ReadScope } from "./store/inbox.ts";

/** Who reads which connections' messages, and what wakes them. */
export type Readers = ReadonlyArray<{ wake: Wake; scope: ReadScope }>;

/** Connections whose reading may take long have a reader of their own, so that no other waits. */
export function readers(connections: readonly Connection[]): Readers {
  const apart = connections.filter(({ source }) => source.apart === true).map((it) => it.code);
  const own = apart.map((code) => ({ wake: new Wake(), scope: { only: code } }));
  return [{ wake: new Wake(), scope: { except: apart } }, ...own];
}

export function ring(unread: Readers): void {
  for (const { wake } of unread) wake.ring();
}

/** The parts that work in the background, and what wakes them. */
interface WorkerParts {
  deliverer: Deliverer;
  unread: Readers;
  /** Told when a part ends by itself. */
  fail: (error: unknown) => void;
}

/** Starts what runs until the stop; gives the function that ends it. */
export function startWorkers(
  context: BridgeContext,
  api: ExchangeApi,
  link: OdooLink,
  { deliverer, unread, fail }: WorkerParts,
): () => Promise<void> {
  const { config, connections, log, store } = context;
  const stop = new AbortController();
  const hard = new AbortController();
  const { inbox, outbox, deadLetters } = store;
  const byCode = new Map(connections.map((it) => [it.code, it]));
  const onFacts = () => deliverer.wake();
  const onAccepted = () => ring(unread);
  const replies = replyCouriers(context);
  const onReplies = () => replies.forEach(({ wake }) => wake.ring());
  const reading = { ...context, ...store, connections: byCode, onFacts, onReplies };
  const reporter = new StatusReporter({ ...context, api, link, connections: [...byCode.keys()] });
  const files = createFileIntakes(connections, {
    ...context,
    inbox,
    deadLetters,
    onAccepted,
    owner: ownerName(config.data_dir),
  });
  const tracking = trackingWatches(context, api, link);
  const running = [
    link.run(stop.signal),
    deliverer.run(stop.signal, hard.signal),
    context.partners.run(stop.signal),
    ...unread.map((it) => new Normalizer({ ...reading, ...it }).run(stop.signal)),
    reporter.run(stop.signal),
    ...watches(context, api, link, onAccepted).map((it) => it.run(stop.signal)),
    new Housekeeper({ ...context, config: config.store }).run(stop.signal),
    ...files.intakes.map((it) => it.run(stop.signal)),
    ...proofFetchers(context, onAccepted).map((it) => it.run(stop.signal)),
    ...tracking.map((it) => it.run(stop.signal)),
    ...pollers(context, onAccepted, tracking).map((it) => it.run(stop.signal)),
    ...couriers(context, { api, link, outbox, deadLetters }).map((it) =>
      it.run(stop.signal, hard.signal),
    ),
    ...replies.map(({ courier }) => courier.run(stop.signal, hard.signal)),
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

/** What looks now and then at how things are. */
function watches(
  context: BridgeContext,
  api: ExchangeApi,
  link: OdooLink,
  onAccepted: () => void,
): Array<{ run(signal: AbortSignal): Promise<void> }> {
  const { inbox, properties } = context.store;
  const looking = { ...context, inbox, properties };
  return [
    figuresWatch(context, api, link),
    context.storeWatch,
    new DriftWatch(looking),
    new ComparisonWatch({ ...looking, api, link, onAccepted }),
  ];
}

function proofFetchers(context: BridgeContext, onAccepted: () => void): ProofFetcher[] {
  const { clock, store } = context;
  return context.connections.map((connection) => {
    const { config } = connection;
    const credentials = peerCredentials(config, clock);
    const shown = credentials === undefined ? {} : { credentials };
    const client = new LinkClient({ config: config.proof_links, now: () => clock.now(), ...shown });
    const links = store.proofLinks;
    return new ProofFetcher({ ...context, connection, client, links, onAccepted });
  });
}

/** Of connections whose partners are asked for tracking numbers, or told of them. */
function trackingWatches(
  context: BridgeContext,
  api: ExchangeApi,
  link: OdooLink,
): TrackingWatch[] {
  const { properties } = context.store;
  return context.connections
    .filter(({ source, settings }) => source.tracks?.(settings) === true)
    .map((connection) => new TrackingWatch({ ...context, connection, api, link, properties }));
}

function pollers(
  context: BridgeContext,
  onAccepted: () => void,
  tracking: readonly TrackingWatch[],
): Poller[] {
  const { inbox } = context.store;
  return context.connections.flatMap((connection) => {
    const { peer, config } = connection;
    if (peer === undefined || config.poll?.enabled !== true) return [];
    const watch = tracking.find(({ code }) => code === connection.code);
    const numbers = watch && { numbers: () => watch.numbers };
    return [new Poller({ ...context, connection, peer, inbox, onAccepted, ...numbers })];
  });
}

function figuresWatch(context: BridgeContext, api: ExchangeApi, link: OdooLink): FiguresWatch {
  const sending = new Set(context.connections.filter(canSend).map(({ code }) => code));
  const codes = context.connections.map(({ code }) => code);
  const { properties } = context.store;
  return new FiguresWatch({ ...context, properties, api, link, sending, connections: codes });
}

/** Whether orders, or events, of the connection have a way to its partner. */
function canSend(connection: Connection): boolean {
  const { sendOrder, sendEvent } = sendingOf(connection);
  return sendOrder !== undefined || sendEvent !== undefined;
}

/** What the connection's partner takes. */
function sendingOf({ peer, config, source, settings }: Connection): Sending {
  if (peer === undefined || !config.orders.enabled) return {};
  const takes = (what: "orders" | "outcomes") => source.sends?.(settings, what) ?? true;
  const { sendOrder, sendOutcome, sendEvent } = source;
  return {
    ...(sendOrder && takes("orders") && { sendOrder: sendOrder.bind(source) }),
    ...(sendOutcome && takes("outcomes") && { sendOutcome: sendOutcome.bind(source) }),
    ...(sendEvent && { sendEvent: sendEvent.bind(source) }),
  };
}

function couriers(
  context: BridgeContext,
  parts: Pick<
    ConstructorParameters<typeof OutboxCourier>[0],
    "api" | "link" | "outbox" | "deadLetters"
  >,
): OutboxCourier[] {
  return context.connections.flatMap((connection) => {
    const { peer } = connection;
    if (!canSend(connection) || peer === undefined) return [];
    return [
      new OutboxCourier({ ...context, ...parts, connection, peer, send: sendingOf(connection) }),
    ];
  });
}

/** A courier of replies for each connection, and what wakes it. */
function replyCouriers(context: BridgeContext): Array<{ courier: ReplyCourier; wake: Wake }> {
  const { replies } = context.store;
  return context.connections.map((connection) => {
    const wake = new Wake();
    return { courier: new ReplyCourier({ ...context, connection, replies, wake }), wake };
  });
}
