import { expect } from "chai";
import type { Reading } from "../../bridge/canonical/reading.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { wholeOf } from "../../bridge/sources/shared/reading/parts.ts";
import type { RawMessage } from "../../bridge/sources/source.ts";

/** A message with so many entities, events or scans in each language that has lists of them. */
const MANY: Readonly<Record<string, (count: number) => unknown>> = {
  otm5: (count) => list(count, (id) => ({ id, entityType: "trip", name: id, status: "accepted" })),
  dcsa: (count) =>
    list(count, (eventID) => ({
      eventID,
      eventCreatedDateTime: "2026-11-20T08:00:00Z",
      eventType: "EQUIPMENT",
      eventClassifierCode: "ACT",
      eventDateTime: "2026-11-20T08:00:00Z",
      equipmentEventTypeCode: "LOAD",
      equipmentReference: "MSCU6639870",
      emptyIndicatorCode: "LADEN",
    })),
  project44: (count) => ({
    shipment: { id: "load-1" },
    events: list(count, (id) => ({ id, type: "HOLD", dateTime: "2026-11-20T08:00:00Z" })),
  }),
  fourkites: (count) => list(count, (id) => ({ MessageType: "STOP_ARRIVAL", FourKitesLoadId: id })),
  // One parcel with a long history.
  aftership: (count) => ({
    msg: {
      tracking_number: "1Z1",
      tag: "InTransit",
      checkpoints: scans(count, (checkpoint_time) => ({ checkpoint_time, tag: "InTransit" })),
    },
  }),
  easypost: (count) => ({
    object: "Tracker",
    tracking_code: "1Z1",
    status: "in_transit",
    tracking_details: scans(count, (datetime) => ({ datetime, status: "in_transit" })),
  }),
  karrio: (count) => ({
    data: {
      tracking_number: "1Z1",
      events: scans(count, (timestamp) => ({ timestamp, status: "in_transit" })),
    },
  }),
  shipengine: (count) => ({
    tracking_number: "1Z1",
    status_code: "IT",
    events: scans(count, (occurred_at) => ({ occurred_at, status_code: "IT" })),
  }),
  shippo: (count) => ({
    event: "track_updated",
    data: {
      tracking_number: "1Z1",
      tracking_history: scans(count, (status_date) => ({ status_date, status: "TRANSIT" })),
    },
  }),
};

function scans(count: number, make: (time: string) => object): object[] {
  const start = Date.UTC(2026, 10, 1);
  const time = (index: number) => new Date(start + index * 1000).toISOString();
  return Array.from({ length: count }, (_, index) => make(time(index)));
}

function list(count: number, make: (id: string) => object): object[] {
  const id = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  return Array.from({ length: count }, (_, index) => make(id(index)));
}

/** What a reading says, wherever in its message. */
function saidBy({ facts, findings }: Reading) {
  return {
    facts: facts.map(({ fact: { message_path: _path, ...it } }) => it),
    findings: findings.map(({ path: _path, ...it }) => it),
  };
}

describe("long messages", () => {
  for (const [id, make] of Object.entries(MANY)) {
    const source = sources.get(id)!;
    const settings = source.settings.parse({});
    const message = (value: unknown): RawMessage => ({
      body: Buffer.from(JSON.stringify(value)),
      contentType: "application/json",
      receivedAt: new Date("2026-11-23T08:00:00Z"),
      attributes: {},
    });
    const partsOf = (value: unknown) => [...source.readParts!(message(value), settings)];

    it(`of ${id} are read in parts of a few entities, events or scans, which are the whole together`, async () => {
      const parts = partsOf(make(300));
      expect(parts.length).to.be.greaterThan(10);
      const whole = await source.read(message(make(300)), settings);
      expect(parts.flatMap((it) => it.facts)).to.deep.equal(whole.facts);
      expect(parts.flatMap((it) => it.findings)).to.deep.equal(whole.findings);
      expect(whole.facts.length + whole.findings.length).to.be.greaterThan(0);
      expect(Math.max(...parts.map((it) => it.facts.length))).to.be.lessThan(200);
    });

    if (!Array.isArray(make(1))) continue;
    it(`of ${id} that are long lists say what their parts say alone`, async () => {
      const entities = make(3000) as object[];
      const long = wholeOf(partsOf(entities));
      const alone: Reading[] = [];
      for (const from of [0, 1000, 2000]) {
        alone.push(await source.read(message(entities.slice(from, from + 1000)), settings));
      }
      expect(saidBy(long)).to.deep.equal(saidBy(wholeOf(alone)));
      const paths = [
        ...long.facts.map((it) => it.fact.message_path),
        ...long.findings.map((it) => it.path),
      ];
      expect(paths.at(-1)).to.match(/^\/2999\b/);
    });
  }
});
