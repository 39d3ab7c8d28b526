import { expect } from "chai";
import type { Clock } from "../../bridge/clock.ts";
import type { Connection } from "../../bridge/connection.ts";
import { askToAccept, type Found, readFound } from "../../bridge/drift/drift_state.ts";
import { DriftWatch } from "../../bridge/drift/drift_watch.ts";
import { createLogger } from "../../bridge/logger.ts";
import { createMetrics } from "../../bridge/metrics.ts";
import { tracked } from "../../bridge/sources/shared/reading/field_tracking.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { tiny } from "../bridge_kit/test_source.ts";
import type { OpenStore } from "../store/store_contract.ts";

const SHIFT_MS = 8 * 3_600_000;
const signal = new AbortController().signal;

describe("the watch over what partners send", () => {
  let open: OpenStore;
  let now: number;
  let sent: number;
  beforeEach(async () => {
    open = await openSqlite();
    now = Date.parse("2026-11-23T08:00:00Z");
    sent = 0;
  });
  afterEach(() => open.dispose());

  const connection = (source: object = { document: json }) =>
    ({ code: "acme", source: { ...tiny, ...source }, settings: {} }) as unknown as Connection;
  const json = ({ body }: { body: Buffer }) => JSON.parse(body.toString("utf8")) as unknown;
  const clock: Clock = {
    now: () => new Date(now),
    steady: () => now,
    sleep: () => Promise.resolve(),
  };
  const metrics = createMetrics();
  const watch = (connections: Connection[] = []) => {
    const { inbox, properties } = open.store;
    const log = createLogger("silent");
    return new DriftWatch({ connections, inbox, properties, clock, log, metrics });
  };

  /** Messages of eight hours, read as they are when everything works, and then a look. */
  async function shift(code: (index: number) => string, more: object = {}, of = connection()) {
    now += SHIFT_MS;
    const { inbox } = open.store;
    const messages = Array.from({ length: 25 }, (_, index) => {
      const at = "2026-11-23T08:00:00Z";
      const body = Buffer.from(
        JSON.stringify({ trip: `t${sent}`, events: [{ code: code(index), at }], ...more }),
      );
      return {
        connection: "acme",
        channel: "webhook" as const,
        contentType: "",
        body,
        attributes: {},
        dedupeKey: String((sent += 1)),
        receivedAt: now - 1,
      };
    });
    for (const { id } of await inbox.accept(messages)) {
      await inbox.recordReading(id, "tiny@1", [], [], now);
    }
    await watch().look(of, signal);
  }
  const found = async () => (await readFound(open.store.properties))["acme"] ?? [];
  const names = (all: readonly Found[]) =>
    all.map(({ kind, name }) => `${kind} ${name}`).toSorted();
  const usual = (index: number) => (index % 5 === 0 ? "AG" : "X6");
  const days = async (count: number) => {
    for (let looked = 0; looked < count * 3; looked += 1) await shift(usual);
  };

  it("says within one look which field is gone and which is new, until it is as before", async () => {
    await days(2);
    expect(await found()).to.deep.equal([]);
    await shift(usual, { filler: { pallets: 3 } });
    const [first] = await found();
    expect(names(await found())).to.deep.equal(["field_new /filler/pallets"]);
    expect(first?.since).to.equal(new Date(now).toISOString());
    await shift(usual, { filler: { pallets: 3 } });
    expect((await found())[0]?.since).to.equal(first?.since, "since it was noticed first");
    const kept = await metrics.registry.getSingleMetricAsString("milepost_drift_findings");
    expect(kept).to.include('{connection="acme"} 1');
  });

  it("tells after a restart what was found before, of the connections that there still are", async () => {
    await days(2);
    await shift(usual, { filler: { pallets: 3 } });
    metrics.registry.resetMetrics();
    await watch([connection()]).tellKept();
    const kept = await metrics.registry.getSingleMetricAsString("milepost_drift_findings");
    expect(kept).to.include('{connection="acme"} 1');
    await watch([{ ...connection(), code: "other" }]).tellKept();
    expect(await readFound(open.store.properties)).to.deep.equal({});
  });

  it("judges codes over a whole day, and takes a day of the usual into what is usual", async () => {
    await shift(usual);
    await days(2);
    await shift(() => "OT");
    expect(await found()).to.deep.equal([], "a night brings others than a day");
    for (let looked = 0; looked < 3; looked += 1) await shift(() => "OT");
    expect(names(await found())).to.include.members(["code_share OT", "code_share X6"]);
    await days(2);
    expect(await found()).to.deep.equal([]);
  });

  it("is told what is right now, and compares with that", async () => {
    await days(2);
    await shift(usual, { filler: { pallets: 3 } });
    await shift(usual, { filler: { pallets: 3 } });
    await askToAccept(open.store.properties, "acme");
    await watch().look(connection(), AbortSignal.abort());
    await shift(usual, { filler: { pallets: 3 } });
    expect(await found()).to.deep.equal([]);
    await shift(usual);
    await shift(usual);
    await shift(usual);
    expect(await found()).to.deep.equal([], "it is too little to be missed");
  });

  it("notes the fields of sources that read at once while they read, and skips what fails", async () => {
    const reading = { read: (raw: never) => (tracked(json(raw)), tiny.read(raw, { zone: "UTC" })) };
    for (let looked = 0; looked < 6; looked += 1) await shift(usual, {}, connection(reading));
    await shift((index) => usual(index), { filler: "x" }, connection(reading));
    expect(names(await found())).to.deep.equal(["field_new /filler"]);
    await shift(usual, { unknown: true }, connection(reading));
    expect(names(await found())).to.deep.equal(["field_new /filler"]);
  });
});
