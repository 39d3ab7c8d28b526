import { pointerToken } from "../../../../bridge/sources/shared/json/json_pointer.ts";
import { expect } from "chai";
import fc from "fast-check";
import { MilepostError } from "../../../../bridge/errors.ts";
import { aftershipSource } from "../../../../bridge/sources/aftership/source.ts";
import { dcsaSource } from "../../../../bridge/sources/dcsa/source.ts";
import { easypostSource } from "../../../../bridge/sources/easypost/source.ts";
import { fourkitesSource } from "../../../../bridge/sources/fourkites/source.ts";
import { karrioSource } from "../../../../bridge/sources/karrio/source.ts";
import { otm5Source } from "../../../../bridge/sources/otm5/source.ts";
import { project44Source } from "../../../../bridge/sources/project44/source.ts";
import { shipengineSource } from "../../../../bridge/sources/shipengine/source.ts";
import { shippoSource } from "../../../../bridge/sources/shippo/source.ts";
import type { Source } from "../../../../bridge/sources/source.ts";
import { growth, LINEAR } from "../../../growth.ts";
import { rounds } from "../../../rounds.ts";
import { expectSound, messageOf, sample, sampleNames } from "../../golden.ts";

const SOURCES = [
  aftershipSource,
  dcsaSource,
  easypostSource,
  fourkitesSource,
  karrioSource,
  otm5Source,
  project44Source,
  shipengineSource,
  shippoSource,
] as unknown as Source<never>[];

/** Reads and checks; a refusal must be a MilepostError that is never tried again. */
function readSafely(source: Source<never>, body: Buffer): void {
  const settings = source.settings.parse({});
  for (const step of [
    () => source.check(messageOf(body), settings),
    () => expectSound(source.read(messageOf(body), settings)),
  ]) {
    try {
      step();
    } catch (error) {
      if (!(error instanceof MilepostError)) throw error;
      expect(error.retry).to.be.oneOf(["never", "quarantine"]);
      expect(error.path).to.be.a("string");
    }
  }
}

const NASTY = fc.oneof(
  fc.constantFrom(
    null,
    "",
    " ",
    0,
    -1,
    1e308,
    true,
    [],
    {},
    "0000-00-00",
    "2026-02-30T99:99:99Z",
    "2026-11-01T01:30:00",
  ),
  fc.constantFrom(
    "toString",
    "constructor",
    "hasOwnProperty",
    "x".repeat(5000),
    "\u0000\ud800",
    "'; DROP",
    "EMPTY",
  ),
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Every place in a JSON value, as the container and the key in it. */
function places(value: unknown, found: Array<[Record<string, unknown>, string]> = []) {
  if (value === null || typeof value !== "object") return found;
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    found.push([object, key]);
    places(object[key], found);
  }
  return found;
}

/** Lists of what happened, by the member that holds them. */
const EVENT_LISTS = new Set(["checkpoints", "events", "tracking_details", "tracking_history"]);

/** Pointers of the events in a message: elements of those lists, or of the message itself. */
function eventPointers(value: unknown, path = "", found: string[] = []): string[] {
  if (Array.isArray(value) && (path === "" || EVENT_LISTS.has(path.split("/").at(-1) ?? ""))) {
    found.push(...value.map((_, index) => `${path}/${index}`));
  } else if (value !== null && typeof value === "object") {
    for (const [key, child] of Object.entries(value)) {
      eventPointers(child, `${path}/${pointerToken(key)}`, found);
    }
  }
  return found;
}

const listOf = (event: string) => event.slice(0, event.lastIndexOf("/"));

/** Events of a message that was read of which neither a fact nor a finding speaks. */
function silentEvents(source: Source<never>, body: Buffer): string[] {
  let reading;
  try {
    reading = source.read(messageOf(body), source.settings.parse({}));
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    return [];
  }
  // A message of another kind is told as a whole.
  if (reading.findings.some(({ code }) => code === "not_tracking")) return [];
  const spoken = [
    ...reading.facts.map(({ fact }) => fact.message_path ?? ""),
    ...reading.findings.map(({ path }) => path),
  ];
  // Of what bears no name nothing can be told: one finding says so of the whole tracker.
  const nameless = reading.findings.filter(({ code }) => code === "no_identifier");
  return eventPointers(JSON.parse(body.toString())).filter(
    (event) =>
      !nameless.some(({ path }) => event.startsWith(`${path}/`)) &&
      !spoken.some(
        // One finding may speak of all of a list.
        (path) => path === event || path.startsWith(`${event}/`) || path === listOf(event),
      ),
  );
}

/** Some members of a message are wrong or gone. */
const changes = fc.array(fc.record({ at: fc.nat(), value: NASTY, drop: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});

function damaged(
  body: Buffer,
  damage: ReadonlyArray<{ at: number; value: unknown; drop: boolean }>,
): Buffer {
  const message: unknown = JSON.parse(body.toString());
  for (const { at, value, drop } of damage) {
    const all = places(message);
    const place = all[at % Math.max(all.length, 1)];
    if (place === undefined) continue;
    if (drop) delete place[0][place[1]];
    else place[0][place[1]] = value;
  }
  return Buffer.from(JSON.stringify(message));
}

describe("no event of a message", () => {
  // An entity of Open Trip Model may say nothing by its table: tests/sources/otm5/laws.fuzz.test.ts.
  for (const source of SOURCES.filter(({ id }) => id !== "otm5")) {
    it(`of ${source.id} is lost silently, whatever member of it is wrong (property)`, function () {
      this.timeout(60_000);
      const samples = sampleNames(source.id).map((name) => sample(source.id, name));
      for (const body of samples) expect(silentEvents(source, body)).to.deep.equal([]);
      fc.assert(
        fc.property(fc.constantFrom(...samples), changes, (body, damage) => {
          expect(silentEvents(source, damaged(body, damage))).to.deep.equal([]);
        }),
        { numRuns: rounds(400) },
      );
    });
  }
});

it("a tracker without a name is told of by one finding, and no other silence by it", () => {
  const easypost = SOURCES.find(({ id }) => id === "easypost")!;
  const tracker = (number?: string) => ({
    object: "Tracker",
    status: "in_transit",
    ...(number !== undefined && { tracking_code: number }),
    tracking_details: [{ status: "in_transit", datetime: "2026-11-03T10:00:00Z" }],
  });
  const body = Buffer.from(JSON.stringify({ trackers: [tracker(), tracker("9400")] }));
  const { facts, findings } = easypost.read(messageOf(body), easypost.settings.parse({}));
  expect(findings.map(({ code, path }) => `${code} ${path}`)).to.include(
    "no_identifier /trackers/0",
  );
  expect(facts.map(({ fact }) => fact.message_path)).to.deep.equal([
    "/trackers/1/tracking_details/0",
  ]);
  expect(silentEvents(easypost, body)).to.deep.equal([]);
});

describe("a damaged message", () => {
  for (const source of SOURCES) {
    const samples = sampleNames(source.id).map((name) => sample(source.id, name));

    it(`of ${source.id} is read as far as it goes or refused, whatever member is wrong (property)`, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(fc.constantFrom(...samples), changes, (body, damage) => {
          readSafely(source, damaged(body, damage));
        }),
        { numRuns: rounds(400) },
      );
    });

    it(`of ${source.id} is refused or read when bytes are (property)`, function () {
      this.timeout(60_000);
      const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(fc.constantFrom(...samples), flips, fc.nat(), (body, changed, cut) => {
          const bytes = Buffer.from(body);
          for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
          readSafely(source, cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes);
        }),
        { numRuns: rounds(200) },
      );
    });

    it(`of ${source.id} that is any JSON at all is refused or read (property)`, () => {
      fc.assert(
        fc.property(fc.jsonValue(), (value) =>
          readSafely(source, Buffer.from(JSON.stringify(value))),
        ),
      );
    });
  }
});

describe("a large message", () => {
  const scans = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      status: "in_transit",
      datetime: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString(),
      message: "x".repeat(300),
    }));
  const events = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      eventType: "SHIPMENT",
      eventCreatedDateTime: "2026-01-01T00:00:00Z",
      eventDateTime: "2026-01-01T00:00:00Z",
      eventClassifierCode: "ACT",
      shipmentEventTypeCode: "CONF",
      documentTypeCode: "BKG",
      documentID: `B${i}`,
    }));
  const large: Array<[Source<never>, (count: number) => unknown]> = [
    [
      easypostSource as unknown as Source<never>,
      (count) => ({ object: "Tracker", tracking_code: "1", tracking_details: scans(count) }),
    ],
    [dcsaSource as unknown as Source<never>, events],
  ];
  for (const [source, message] of large) {
    it(`of ${source.id} is read in time that grows with its size only`, function () {
      this.timeout(60_000);
      const make = (count: number) => messageOf(JSON.stringify(message(count)));
      const read = (one: ReturnType<typeof messageOf>) =>
        source.read(one, source.settings.parse({}));
      expect(read(make(5000)).facts).to.have.length(5000);
      expect(growth(make, read, 1000)).to.be.below(LINEAR);
    });
  }
});
