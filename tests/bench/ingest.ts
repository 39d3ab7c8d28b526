/**
 * How fast facts get into Odoo: side by side on one database of one real Odoo, in turns.
 *
 * - `naive`: one create and one write per event over odoo-xmlrpc (see naive_connector.ts)
 * - `batch`: the bridge's own client, transport and method: 500 facts a call, one call at a time;
 *   checked against the contract, matched, stored once, and every shipment's record derived
 * - `raw_insert`: the rows of those batches by one INSERT per 500 (see raw_insert.ts)
 *
 * All three write the same tables. Ratios are those of one turn;
 * printed is their median, with the smallest and the largest beside it.
 */
import { CONTRACT_VERSION, type Batch } from "../../bridge/canonical/exchange.ts";
import type { Milestone } from "../../bridge/canonical/fact.ts";
import { checkConfig } from "../../bridge/config.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { ExchangeApi } from "../../bridge/odoo/exchange_api.ts";
import { Json2Transport } from "../../bridge/odoo/json2.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { ensureOdoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { NaiveConnector, type NaiveTarget } from "./naive_connector.ts";
import { rawInsert } from "./raw_insert.ts";
import { median, rounded, type BenchResult } from "./result.ts";
import { FACTS_PER_SHIPMENT, tripFacts, type BenchShipment } from "./trip_facts.ts";

const BATCH_FACTS = 500;
const BATCHES_A_TURN = 3;
const NAIVE_EVENTS_A_TURN = 60;
const TURNS = 7;
const CODE = "bench";

type Log = (line: string) => void;

interface Turn {
  naive: number;
  batch: number;
  raw: number;
}

export async function run(log: Log): Promise<BenchResult> {
  const odoo = await (await ensureOdoo(log)).createDatabase();
  try {
    // Billing starts with the facts and would work on the same cores in some turns.
    await odoo.sql("UPDATE ir_cron SET active = false");
    return await new IngestBench(odoo, log).run();
  } finally {
    await odoo.drop();
  }
}

class IngestBench {
  readonly #odoo: OdooDatabase;
  readonly #admin: OdooCall;
  readonly #api: ExchangeApi;
  readonly #naive: NaiveConnector;
  readonly #log: Log;
  #connectionId = 0;
  readonly #signal = new AbortController().signal;

  constructor(odoo: OdooDatabase, log: Log) {
    this.#odoo = odoo;
    this.#log = log;
    this.#admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    const config = checkConfig(
      {
        environment: "bench",
        data_dir: "/nowhere",
        odoo: { url: odoo.url, database: odoo.database, api_key: odoo.apiKeys.bridge },
      },
      {},
      sources,
    );
    this.#api = new ExchangeApi(new Json2Transport(config.odoo, createMetrics()));
    this.#naive = new NaiveConnector({
      url: odoo.url,
      database: odoo.database,
      login: "operator",
      // With the password, which Odoo remembers as checked, a call is quicker than with an API key.
      password: "operator",
    });
  }

  async run(): Promise<BenchResult> {
    await this.#prepare();
    const turns: Turn[] = [];
    let last: Batch[] = [];
    // The first turn fills caches on all sides and does not count.
    for (let number = 0; number <= TURNS; number++) {
      const batches = await this.#batches();
      const turn = {
        naive: await this.#tellNaively(batches[0]!.facts as Milestone[]),
        batch: await this.#ingest(batches),
        raw: await this.#insert(batches),
      };
      this.#log(
        `turn ${number}: naive ${rounded(turn.naive)}, batch ${rounded(turn.batch)}, ` +
          `raw insert ${rounded(turn.raw)} events/s`,
      );
      if (number > 0) turns.push(turn);
      last = batches;
    }
    const replayed = await this.#replay(last);
    await this.#api.close();
    return summary(turns, replayed);
  }

  async #prepare(): Promise<void> {
    this.#log("preparing a connection, and a right to write for the naive connector");
    const [id] = await this.#admin<number[]>("milepost.connection", "create", {
      vals_list: [{ name: CODE, code: CODE, source: "otm5" }],
    });
    this.#connectionId = id!;
    const models = await this.#admin<Array<{ id: number }>>("ir.model", "search_read", {
      domain: [["model", "in", ["milepost.milestone", "milepost.stop"]]],
      fields: ["model"],
    });
    const [everyone] = await this.#admin<Array<{ res_id: number }>>(
      "ir.model.data",
      "search_read",
      {
        domain: [
          ["module", "=", "base"],
          ["name", "=", "group_user"],
        ],
        fields: ["res_id"],
      },
    );
    const right = {
      name: "bench",
      group_id: everyone!.res_id,
      perm_write: true,
      perm_create: true,
    };
    await this.#admin("ir.model.access", "create", {
      vals_list: models.map((model) => ({ ...right, model_id: model.id })),
    });
    await this.#naive.connect();
  }

  /** New shipments and their facts, 500 a batch: nothing of it is in Odoo yet. */
  async #batches(): Promise<Batch[]> {
    const perBatch = BATCH_FACTS / FACTS_PER_SHIPMENT;
    const shipments = await this.#createShipments(perBatch * BATCHES_A_TURN);
    return Array.from({ length: BATCHES_A_TURN }, (_, index) => {
      const head = {
        id: crypto.randomUUID(),
        sha256: "0".repeat(64),
        received_at: "2026-11-02T18:00:00Z",
        mapping: "otm5@1",
        channel: "webhook" as const,
      };
      const own = shipments.slice(index * perBatch, (index + 1) * perBatch);
      const facts = tripFacts(own, head.id);
      return { contract: CONTRACT_VERSION, connection: CODE, messages: [head], facts };
    });
  }

  async #createShipments(count: number): Promise<BenchShipment[]> {
    const ids = await this.#admin<number[]>("milepost.shipment", "create", {
      vals_list: Array.from({ length: count }, () => ({ connection_id: this.#connectionId })),
    });
    return this.#admin("milepost.shipment", "read", { ids, fields: ["uid", "name"] });
  }

  async #tellNaively(events: Milestone[]): Promise<number> {
    const [shipment] = await this.#createShipments(1);
    const row = await this.#odoo.sql(
      `SELECT min(id), min(company_id) FROM milepost_stop WHERE shipment_id = ${shipment!.id}`,
    );
    const [stopId, companyId] = row.trim().split("\t").map(Number);
    const target: NaiveTarget = {
      connectionId: this.#connectionId,
      companyId: companyId!,
      shipmentId: shipment!.id,
      stopId: stopId!,
    };
    const start = performance.now();
    for (const event of events.slice(0, NAIVE_EVENTS_A_TURN)) {
      await this.#naive.tell({ ...event, key: `naive-${event.key}` }, target);
    }
    return NAIVE_EVENTS_A_TURN / ((performance.now() - start) / 1000);
  }

  async #ingest(batches: readonly Batch[]): Promise<number> {
    const times: number[] = [];
    for (const batch of batches) {
      const start = performance.now();
      const verdicts = await this.#api.ingest(batch, this.#signal);
      times.push(performance.now() - start);
      const odd = verdicts.find((verdict) => verdict.status !== "accepted");
      if (odd !== undefined) throw new Error(`A fact was not accepted: ${JSON.stringify(odd)}`);
    }
    return BATCH_FACTS / (median(times) / 1000);
  }

  async #insert(batches: readonly Batch[]): Promise<number> {
    const times = await rawInsert(
      this.#odoo,
      batches.map((batch) => batch.facts.map((fact) => fact.key)),
    );
    return BATCH_FACTS / (median(times) / 1000);
  }

  /** Sends batches once more; gives how many rows that added (0 is right) and the events per second. */
  async #replay(batches: readonly Batch[]): Promise<{ rows: number; rate: number }> {
    const before = await this.#storedRows();
    const start = performance.now();
    for (const batch of batches) {
      const verdicts = await this.#api.ingest(batch, this.#signal);
      const odd = verdicts.find((verdict) => verdict.status !== "duplicate");
      if (odd !== undefined) throw new Error(`A fact was stored again: ${JSON.stringify(odd)}`);
    }
    const rate = (batches.length * BATCH_FACTS) / ((performance.now() - start) / 1000);
    return { rows: (await this.#storedRows()) - before, rate };
  }

  async #storedRows(): Promise<number> {
    return Number(await this.#odoo.sql("SELECT count(*) FROM milepost_milestone"));
  }
}

function summary(turns: readonly Turn[], replay: { rows: number; rate: number }): BenchResult {
  const naive = turns.map((turn) => turn.batch / turn.naive);
  const raw = turns.map((turn) => turn.batch / turn.raw);
  const rate = (of: keyof Turn) => rounded(median(turns.map((turn) => turn[of])));
  return {
    bench: "ingest",
    ratios: {
      batch_vs_naive: rounded(median(naive)),
      batch_vs_raw_insert: rounded(median(raw)),
    },
    figures: {
      replay_rows: replay.rows,
      replay_events_per_s: rounded(replay.rate),
      naive_events_per_s: rate("naive"),
      batch_events_per_s: rate("batch"),
      raw_insert_events_per_s: rate("raw"),
      batch_vs_naive_min: rounded(Math.min(...naive)),
      batch_vs_naive_max: rounded(Math.max(...naive)),
      batch_vs_raw_insert_min: rounded(Math.min(...raw)),
      batch_vs_raw_insert_max: rounded(Math.max(...raw)),
      turns: turns.length,
      facts_per_batch: BATCH_FACTS,
    },
  };
}
