/** The same bytes are the same facts, whichever way they come. */
import { expect } from "chai";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { request } from "undici";
import type { Fact } from "../../bridge/canonical/fact.ts";
import { factKey } from "../../bridge/canonical/fact_key.ts";
import { systemClock } from "../../bridge/clock.ts";
import { checkConfig } from "../../bridge/config.ts";
import { createLogger } from "../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../bridge/main.ts";
import { sources } from "../../bridge/sources/registry.ts";
import type { Peer, RawMessage } from "../../bridge/sources/source.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { SftpServer } from "../bridge_kit/sftp_server.ts";
import { temporaryDirectory, testTree } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { messageOf, RECEIVED_AT, sample, sampleNames } from "./golden.ts";

/** All but `mapped`, whose reader is a process of its own (see its tests), and who says nothing. */
const READ_HERE = [...sources.values()].filter((it) => it.apart !== true && it.id !== "consumer");
const SECRET = "hook-secret-canary";
const { signal } = new AbortController();
const WAYS = ["hook", "folder", "sftp"] as const;

async function keysOf(id: string, messages: readonly RawMessage[]): Promise<string[]> {
  const source = sources.get(id)!;
  const keys = new Set<string>();
  for (const message of messages) {
    const read = source.readParts?.(message, source.settings.parse({}));
    try {
      for (const { facts } of read ?? [await source.read(message, source.settings.parse({}))]) {
        for (const { fact } of facts) keys.add(factKey(fact));
      }
    } catch {
      // What cannot be read gives no facts, by whichever way it comes.
    }
  }
  return [...keys].toSorted();
}

const namesOf = (id: string) => sampleNames(id, [".json", ".edi", ".txt"]);

describe("what comes by webhook, folder and SFTP", function () {
  this.timeout(60_000);
  const root = temporaryDirectory();
  const folderOf = (way: string, id: string, name: string) => join(root, way, id, name);
  const ids = READ_HERE.map((it) => it.id);
  const odoo = new FakeOdoo();
  let sftp: SftpServer;
  let bridge: Bridge;

  before(async () => {
    for (const [id, way] of ids.flatMap((it) =>
      ["folder", "sftp"].map((to) => [it, to] as const),
    )) {
      for (const name of ["in", "archive", "error"])
        mkdirSync(folderOf(way, id, name), { recursive: true });
      for (const name of namesOf(id))
        writeFileSync(folderOf(way, id, `in/${name}`), sample(id, name));
    }
    odoo.connections = ids.flatMap((id) => WAYS.map((way) => `${id}-${way}`));
    await odoo.start();
    sftp = await new SftpServer(join(root, "sftp")).start();
    const tree = testTree({ odooUrl: odoo.url, dataDir: join(root, "data") });
    tree["connections"] = ids.flatMap((id) => connectionsOf(id, sftp));
    const clock = { ...systemClock(), now: () => RECEIVED_AT };
    const log = createLogger("silent");
    bridge = await startBridge(checkConfig(tree, {}, sources), { sources, log, clock });
  });
  after(async () => {
    await bridge.stop();
    await sftp.stop();
    await odoo.stop();
    rmSync(root, { recursive: true, force: true });
  });

  function connectionsOf(id: string, { port, hostKey }: SftpServer): object[] {
    const verifier = { scheme: "token", header: "x-token", prefix: "", keys: [{ secret: SECRET }] };
    const pace = { interval_seconds: 0.05, settle_seconds: 0.05 };
    const places = (from: (name: string) => string) =>
      Object.fromEntries(["in", "archive", "error"].map((name) => [name, from(name)]));
    const login = {
      ...{ host: "127.0.0.1", port, user: "milepost", host_keys: [hostKey] },
      auth: { type: "password", password: "right" },
    };
    const ways = {
      hook: { webhook: { verifier } },
      folder: { folder: { ...pace, ...places((name) => folderOf("folder", id, name)) } },
      sftp: { sftp: { ...pace, ...login, ...places((name) => `${id}/${name}`) } },
    };
    return WAYS.map((way) => ({ code: `${id}-${way}`, source: id, ...ways[way] }));
  }

  const factsOf = (connection: string) =>
    [
      ...new Set(
        odoo.batches
          .filter((batch) => batch.connection === connection)
          .flatMap((batch) => batch.facts.filter(isOfPartner).map((it) => it.key)),
      ),
    ].toSorted();

  /** What becomes of a paper behind a link is the bridge's own word, with its own time. */
  const isOfPartner = (fact: Fact) => fact.source_event?.startsWith("link/") !== true;

  /** In three pieces, with pauses between them, as a slow line brings it. */
  async function post(id: string, body: Buffer): Promise<void> {
    const third = Math.ceil(body.length / 3);
    async function* pieces() {
      for (const at of [0, 1, 2]) {
        yield body.subarray(at * third, (at + 1) * third);
        await setImmediate();
      }
    }
    const { statusCode, body: answer } = await request(
      `${bridge.urls.intake}/webhooks/${id}-hook`,
      {
        method: "POST",
        headers: { "content-type": sources.get(id)!.contentTypes[0]!, "x-token": SECRET },
        body: Readable.from(pieces()),
      },
    );
    await answer.dump();
    expect(statusCode).to.equal(202);
  }

  for (const id of ids) {
    it(`is the same of ${id}, all of its samples`, async () => {
      const names = namesOf(id);
      await Promise.all(names.map((name) => post(id, sample(id, name))));
      const wanted = await keysOf(
        id,
        names.map((name) => messageOf(sample(id, name))),
      );
      expect(wanted).to.have.length.greaterThan(0);
      for (const way of WAYS) {
        const connection = `${id}-${way}`;
        await waitUntil(connection, () => factsOf(connection).length >= wanted.length, 20_000);
        expect(factsOf(connection), connection).to.deep.equal(wanted);
      }
    });
  }
});

/** Each message of an interchange in an interchange of its own. */
function alone(body: Buffer): Buffer[] {
  const text = body.toString("latin1");
  const isX12 = text.startsWith("ISA");
  const [begin, end] = isX12 ? ["ST", "SE"] : ["UNH", "UNT"];
  // Behind ISA16, which has one sign; the last sign of UNA.
  const isaEnd = [...text.matchAll(new RegExp(`\\${text[3]}`, "g"))][15];
  const terminator = isX12 ? text[isaEnd!.index + 2]! : text.startsWith("UNA") ? text[8]! : "'";
  const segments = text.split(terminator).map((it) => it.trimStart());
  const isSegment = (segment: string, name: string) =>
    segment.startsWith(name) && !/\w/.test(segment[name.length] ?? "");
  const starts = segments.flatMap((it, n) => (isSegment(it, begin) ? [n] : []));
  const ends = segments.flatMap((it, n) => (isSegment(it, end) ? [n] : []));
  const [head, tail] = [segments.slice(0, starts[0]), segments.slice(ends.at(-1)! + 1)];
  return starts.map((from, n) =>
    Buffer.from(
      [...head, ...segments.slice(from, ends[n]! + 1), ...tail].join(terminator),
      "latin1",
    ),
  );
}

describe("an interchange", () => {
  const cases = {
    x12: ["canadapost_214_batch.txt", "ups_210_batch.txt", "apimeister_214_two_sets_osd.edi"],
    edifact: ["made_iftsta_traps.edi", "made_iftsta_functions.edi", "made_iftsta_placements.edi"],
  };
  for (const [id, names] of Object.entries(cases)) {
    for (const name of names) {
      it(`gives the same facts whole and message by message: ${id} ${name}`, async () => {
        const parts = alone(sample(id, name));
        const whole = await keysOf(id, [messageOf(sample(id, name))]);
        expect(whole).to.have.length.greaterThan(0);
        expect(
          await keysOf(
            id,
            parts.map((it) => messageOf(it)),
          ),
        ).to.deep.equal(whole);
      });
    }
  }
});

/** A list of a partner's interface as it answers it, and as one message. */
const LISTS: Readonly<Record<string, { body: () => unknown; settings?: object }>> = {
  otm5: {
    body: () =>
      sampleNames("otm5").flatMap((name) => {
        const said = JSON.parse(sample("otm5", name).toString()) as object | object[];
        return (Array.isArray(said) ? said : [said]).filter((it) => "entityType" in it);
      }),
  },
  dcsa: { body: () => JSON.parse(sample("dcsa", "tnt-220-response.json").toString()) },
  easypost: { body: () => JSON.parse(sample("easypost", "test_tracker_all_0.json").toString()) },
  karrio: { body: () => JSON.parse(sample("karrio", "made_list.json").toString()) },
};

describe("a partner's list", () => {
  for (const [id, { body, settings: given = {} }] of Object.entries(LISTS)) {
    it(`of ${id} gives the same facts polled, item by item, as in one message`, async () => {
      const source = sources.get(id)!;
      const text = JSON.stringify(body());
      const answer = { status: 200, headers: { "content-type": "application/json" } };
      const peer: Peer = { request: () => Promise.resolve({ ...answer, body: Buffer.from(text) }) };
      const settings = source.settings.parse(given);
      const page = await source.fetchPage!(peer, null, settings, signal, RECEIVED_AT);
      const polled = page.messages.map((it) => ({ ...it, receivedAt: RECEIVED_AT }));
      expect(polled).to.have.length.greaterThan(0);
      const whole = await keysOf(id, [messageOf(text)]);
      expect(whole).to.have.length.greaterThan(0);
      expect(await keysOf(id, polled)).to.deep.equal(whole);
    });
  }
});
