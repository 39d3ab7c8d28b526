import { expect } from "chai";
import type { TrackedNumbers } from "../../bridge/canonical/tracked_number.ts";
import type { Connection } from "../../bridge/connection.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { TrackingWatch } from "../../bridge/outbound/tracking_watch.ts";
import { createLogger } from "../../bridge/logger.ts";
import type { TrackedNumber } from "../../bridge/sources/source.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { tiny } from "../bridge_kit/test_source.ts";
import type { OpenStore } from "../store/store_contract.ts";

const { signal } = new AbortController();
const parcel = (number: string): TrackedNumber => ({ number, carrier: "Parcel" });

describe("tracking numbers that a connection follows", () => {
  let open: OpenStore;
  let pages: Record<number, TrackedNumbers>;
  let made: string[];
  let refuse: (number: string) => void;
  beforeEach(async () => {
    open = await openSqlite();
    pages = {
      0: { numbers: [parcel("A"), parcel("B")], next: 2 },
      2: { numbers: [parcel("C")], next: 0 },
    };
    made = [];
    refuse = () => undefined;
  });
  afterEach(() => open.dispose());

  const watch = () => {
    const registerNumber = (_peer: unknown, { number }: TrackedNumber) => {
      refuse(number);
      made.push(number);
      return Promise.resolve();
    };
    const source = { ...tiny, registerNumber };
    const connection = { code: "ups", source, settings: {}, config: {}, peer: {} };
    const link = {
      whenOpen: () => Promise.resolve(false),
      contract: "1.7",
      unknown: new Set<string>(),
    };
    return new TrackingWatch({
      connection: connection as unknown as Connection,
      api: {
        trackedNumbers: (_code, after) => Promise.resolve(pages[after] ?? { numbers: [], next: 0 }),
      },
      link,
      properties: open.store.properties,
      clock: { now: () => new Date(), steady: () => 0, sleep: () => Promise.resolve() },
      log: createLogger("silent"),
    });
  };

  it("are those of all pages that Odoo tells, and none before it was heard", async () => {
    const following = watch();
    expect(following.numbers).to.equal(undefined);
    await following.look(signal);
    expect(following.numbers?.map(({ number }) => number)).to.deep.equal(["A", "B", "C"]);
    pages = { 0: { numbers: [], next: 0 } };
    await following.look(signal);
    expect(following.numbers).to.deep.equal([]);
  });

  it("are made known once, over restarts, and again when one comes back", async () => {
    await watch().look(signal);
    await watch().look(signal);
    expect(made).to.deep.equal(["A", "B", "C"]);
    pages = { 0: { numbers: [parcel("C")], next: 0 } };
    await watch().look(signal);
    pages = { 0: { numbers: [parcel("A"), parcel("C")], next: 0 } };
    await watch().look(signal);
    expect(made).to.deep.equal(["A", "B", "C", "A"]);
  });

  it("that are refused hold up no other; what may pass is tried again", async () => {
    refuse = (number) => {
      if (number === "A")
        throw new MilepostError("no such number", { code: "peer_refused", retry: "never" });
      if (number === "C") throw new MilepostError("busy", { code: "peer_busy", retry: "later" });
    };
    await watch().look(signal);
    expect(made).to.deep.equal(["B"]);
    refuse = () => undefined;
    await watch().look(signal);
    expect(made).to.deep.equal(["B", "C"], "A was refused for good");
  });

  it("whose carrier nobody mapped take no turn of those that can be made known", async () => {
    const unmapped = Array.from({ length: 80 }, (_, at) => parcel(`A${at}`));
    pages = { 0: { numbers: [...unmapped, parcel("Z")], next: 0 } };
    refuse = (number) => {
      if (number !== "Z")
        throw new MilepostError("no map", { code: "carrier_not_mapped", retry: "never" });
    };
    await watch().look(signal);
    expect(made).to.deep.equal(["Z"]);
  });
});
