/** The addon's model `milepost.exchange`: its methods, typed, answers checked. */
import { z } from "zod";
import {
  acknowledgeAnswer,
  bindAnswer,
  bundleReport,
  codesAnswer,
  figuresAnswer,
  compareAnswer,
  CONTRACT_VERSION,
  helloAnswer,
  ingestAnswer,
  odooBundle,
  outboxItem,
  replayAnswer,
  rotateAnswer,
  traceAnswer,
  type Batch,
  type BundleReport,
  type CodeMeaning,
  type Figures,
  type CompareAnswer,
  type HelloAnswer,
  type OdooBundle,
  type OutboxAcknowledgement,
  type OutboxItem,
  type ReplayAnswer,
  type Trace,
  type Verdict,
} from "../canonical/exchange.ts";
import {
  type OrderDifference,
  toldOrder,
  type ToldOrders,
  toldOrdersAnswer,
} from "../canonical/told_order.ts";
import { type TrackedNumbers, trackedNumbersAnswer } from "../canonical/tracked_number.ts";
import { MilepostError } from "../errors.ts";
import { badAnswer, issueOf, withCleanReason } from "./exchange_answers.ts";
import type { OdooTransport } from "./transport.ts";

const MODEL = "milepost.exchange";
const BUNDLE = "milepost.bundle";
/** What was claimed, before each item is read by itself. */
const claimed = z.object({
  items: z.array(z.looseObject({ id: z.int(), lease: z.string() })),
});
/** Faults of a value, as people type it; any other says that the two sides speak differently. */
const VALUE_FAULTS = new Set(["too_big", "too_small", "invalid_format", "custom"]);

export type AcknowledgeResult = z.infer<typeof acknowledgeAnswer>["results"][number];

export class ExchangeApi {
  readonly #transport: OdooTransport;

  constructor(transport: OdooTransport) {
    this.#transport = transport;
  }

  /**
   * Who is there? Throws `odoo_contract` (`pause`) when the addon speaks another major version of
   * the contract than this bridge.
   */
  async hello(signal: AbortSignal): Promise<HelloAnswer> {
    const answer = await this.#call("hello", {}, helloAnswer, signal);
    const [theirs = "0"] = answer.contract.split(".");
    const [ours = "0"] = CONTRACT_VERSION.split(".");
    if (theirs !== ours) {
      const older = Number(theirs) < Number(ours) ? "the addons in Odoo" : "the bridge";
      throw new MilepostError(
        `The addon ${answer.addon} speaks contract ${answer.contract}, this bridge ${CONTRACT_VERSION}`,
        {
          code: "odoo_contract",
          retry: "pause",
          culprit: "odoo",
          hint: `upgrade ${older}: docs/upgrade.md says in which order`,
        },
      );
    }
    return answer;
  }

  /**
   * Tells Odoo our environment and hears to which it belongs; undefined from an addon that is older
   * than this and knows no environments.
   */
  async bind(
    environment: string,
    keyIndex: string,
    signal: AbortSignal,
  ): Promise<z.infer<typeof bindAnswer> | undefined> {
    try {
      const args = { environment, key_index: keyIndex };
      return await this.#call("bind", args, bindAnswer, signal);
    } catch (error) {
      if (error instanceof MilepostError && error.code === "odoo_addon_missing") return undefined;
      throw error;
    }
  }

  /** A new API key for our user; the one of `keyIndex` ends a day later. */
  rotateKey(
    keyIndex: string,
    days: number,
    signal: AbortSignal,
  ): Promise<z.infer<typeof rotateAnswer>> {
    return this.#call("rotate_key", { key_index: keyIndex, days }, rotateAnswer, signal);
  }

  /** Hands facts over. One verdict per fact, in the order given. */
  async ingest(batch: Batch, signal: AbortSignal): Promise<Verdict[]> {
    const { verdicts } = await this.#call("ingest", { batch }, ingestAnswer, signal);
    const fits =
      verdicts.length === batch.facts.length &&
      verdicts.every((verdict, index) => verdict.key === batch.facts[index]?.key);
    if (!fits) throw badAnswer("ingest", "the verdicts are not those of the facts");
    return verdicts.map(withCleanReason);
  }

  /** The verdicts that `ingest` would give; Odoo stores nothing. */
  async preview(batch: Batch, signal: AbortSignal): Promise<Verdict[]> {
    const { verdicts } = await this.#call("preview", { batch }, ingestAnswer, signal);
    return verdicts.map(withCleanReason);
  }

  /** What `ingest` would change of states and money; Odoo stores nothing. */
  async compare(batch: Batch, signal: AbortSignal): Promise<CompareAnswer> {
    return this.#call("compare", { batch }, compareAnswer, signal);
  }

  /** What the partner's codes in a batch mean in Odoo, which notes nothing; for addons that speak 1.3. */
  async codeMeanings(batch: Batch, signal: AbortSignal): Promise<CodeMeaning[]> {
    return (await this.#call("code_meanings", { batch }, codesAnswer, signal)).codes;
  }

  /**
   * What waits for the partner. An item with a value that cannot be told, a reference that is too long,
   * is rejected with its reason; the others are given.
   */
  async claimOutbox(
    connection: string,
    limit: number,
    leaseSeconds: number,
    signal: AbortSignal,
  ): Promise<OutboxItem[]> {
    const args = { connection, limit, lease_seconds: leaseSeconds };
    const { items } = await this.#call("claim_outbox", args, claimed, signal);
    const read = items.map((item) => ({ item, ...outboxItem.safeParse(item) }));
    const faulty = read.flatMap(({ item, error }) =>
      error === undefined ? [] : [{ item, error }],
    );
    const strange = faulty.find(
      ({ error }) => !error.issues.every((it) => VALUE_FAULTS.has(it.code)),
    );
    if (strange !== undefined) throw badAnswer("claim_outbox", issueOf(strange.error));
    if (faulty.length > 0) {
      const answers = faulty.map(({ item: { id, lease }, error }) => ({
        ...{ id, lease, result: "rejected" as const },
        reason: `It cannot be told as it is in Odoo: ${issueOf(error)}. Correct it and send it again`,
      }));
      await this.acknowledgeOutbox(answers, signal);
    }
    return read.flatMap(({ data }) => (data === undefined ? [] : [data]));
  }

  async acknowledgeOutbox(
    acknowledgements: readonly OutboxAcknowledgement[],
    signal: AbortSignal,
  ): Promise<AcknowledgeResult[]> {
    const args = { acknowledgements };
    return (await this.#call("acknowledge_outbox", args, acknowledgeAnswer, signal)).results;
  }

  /** Puts a consumer's events since a time (UTC) back; `dryRun` only counts. For addons that speak 1.5. */
  replayEvents(
    connection: string,
    since: string,
    { state, dryRun }: { state?: "accepted" | "rejected" | undefined; dryRun: boolean },
    signal: AbortSignal,
  ): Promise<ReplayAnswer> {
    const args = { connection, since, state: state ?? null, dry_run: dryRun };
    return this.#call("replay_events", args, replayAnswer, signal);
  }

  /**
   * Orders that the partner knows by Odoo's belief, after that id; only those that somebody wants
   * looked at again, if so. One that cannot be read is named; the others are given. For addons that
   * speak 1.6.
   */
  async toldOrders(
    connection: string,
    after: number,
    wanted: boolean,
    signal: AbortSignal,
  ): Promise<ToldOrders> {
    const args = { connection, after, wanted };
    const { orders, next } = await this.#call("told_orders", args, toldOrdersAnswer, signal);
    const told: ToldOrders = { orders: [], faults: [], next };
    for (const order of orders) {
      const { data, error } = toldOrder.safeParse(order);
      if (data !== undefined) told.orders.push(data);
      else {
        const { id, shipment } = order;
        told.faults.push({ id, shipment, why: `it cannot be read: ${issueOf(error)}` });
      }
    }
    return told;
  }

  /** What differs of the orders that were compared; the others of them agree (1.6). */
  async reportDifferences(
    connection: string,
    compared: readonly number[],
    differences: readonly OrderDifference[],
    signal: AbortSignal,
  ): Promise<void> {
    const args = { connection, compared, differences };
    await this.#call("report_differences", args, z.unknown(), signal);
  }

  /** Has Odoo repair what was reported of an order (1.6). */
  async repairOrder(connection: string, id: number, signal: AbortSignal): Promise<void> {
    await this.#call("repair_order", { connection, id }, z.unknown(), signal);
  }

  /** Tracking numbers of which Odoo wants to hear from the connection, after that id (1.7). */
  trackedNumbers(connection: string, after: number, signal: AbortSignal): Promise<TrackedNumbers> {
    return this.#call("tracked_numbers", { connection, after }, trackedNumbersAnswer, signal);
  }

  /** Tells operators in Odoo how the connection fares: `ok`, or `paused` with the reason. */
  async reportStatus(
    connection: string,
    state: "ok" | "paused",
    reason: string,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#call("report_status", { connection, state, reason }, z.unknown(), signal);
  }

  /** How business fares over the last days; for addons that speak 1.1. */
  figures(signal: AbortSignal): Promise<Figures> {
    return this.#call("figures", {}, figuresAnswer, signal);
  }

  /**
   * What facts became in Odoo, by their keys, or by the trace of their messages; for addons that
   * speak 1.1, and 1.2 for a trace.
   */
  trace(
    of: { keys: readonly string[] } | { trace_id: string },
    signal: AbortSignal,
  ): Promise<Trace> {
    return this.#call("trace", of, traceAnswer, signal);
  }

  /** What the caller, a person, may read of Odoo's configuration. */
  exportBundle(signal: AbortSignal): Promise<OdooBundle> {
    return this.#call("export_bundle", {}, odooBundle, signal, BUNDLE);
  }

  /** Brings Odoo's configuration to a bundle, as far as the caller may; `dryRun` only says how. */
  importBundle(bundle: OdooBundle, dryRun: boolean, signal: AbortSignal): Promise<BundleReport> {
    const args = { bundle, dry_run: dryRun };
    return this.#call("import_bundle", args, bundleReport, signal, BUNDLE);
  }

  /** How far Odoo's clock was ahead of ours at its last answer; undefined where it says no time. */
  get aheadMs(): number | undefined {
    return this.#transport.aheadMs;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #call<T>(
    method: string,
    args: Record<string, unknown>,
    type: z.ZodType<T>,
    signal: AbortSignal,
    model = MODEL,
  ): Promise<T> {
    const result = type.safeParse(await this.#transport.call(model, method, args, signal));
    if (result.success) return result.data;
    throw badAnswer(method, issueOf(result.error));
  }
}
