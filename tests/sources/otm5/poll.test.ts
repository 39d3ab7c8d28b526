import { expect } from "chai";
import fc from "fast-check";
import { otm5Source } from "../../../bridge/sources/otm5/source.ts";
import type { Page, Peer, PeerRequest } from "../../../bridge/sources/source.ts";
import { KnownMessages } from "../known_messages.ts";

const NEVER = new AbortController().signal;
const NOW = new Date("2026-11-23T10:00:00Z");

interface Row {
  id: string;
  lastModified: string;
}

/** A TMS's list of trips in memory, sorted by lastModified, with tags. */
class TripList implements Peer {
  rows: Row[] = [];
  asked: PeerRequest[] = [];
  sorted = true;
  /** Runs after each answer: what changes while a poll is under way. */
  meanwhile: () => void = () => undefined;

  request(request: PeerRequest) {
    this.asked.push(request);
    const { lastModifiedSince = "", limit = "100", offset = "0" } = request.query ?? {};
    const changed = this.rows.filter((it) => it.lastModified >= lastModifiedSince);
    if (this.sorted)
      changed.sort((a, b) => (a.lastModified + a.id < b.lastModified + b.id ? -1 : 1));
    const page = changed.slice(Number(offset), Number(offset) + Number(limit));
    const etag = `"${JSON.stringify(page).length}-${page.at(-1)?.lastModified ?? ""}-${page.at(-1)?.id ?? ""}"`;
    const isKnown = request.headers?.["if-none-match"] === etag;
    const answer = {
      status: isKnown ? 304 : 200,
      headers: { etag, "last-modified": "Mon, 23 Nov 2026 08:00:00 GMT" },
      body: Buffer.from(isKnown ? "" : JSON.stringify(page)),
    };
    this.meanwhile();
    return Promise.resolve(answer);
  }
}

const at = (second: number) =>
  new Date(Date.UTC(2026, 10, 23, 8, 0, second)).toISOString().replace(".000Z", "Z");

function poller(list: TripList, poll: object = {}) {
  const settings = otm5Source.settings.parse({ poll: { paths: ["/trips"], ...poll } });
  const state = { cursor: null as string | null, pages: [] as Page[] };
  const once = async () => {
    const page = await otm5Source.fetchPage!(list, state.cursor, settings, NEVER, NOW);
    state.cursor = page.cursor;
    state.pages.push(page);
    return page.more;
  };
  const round = async () => {
    while (await once());
  };
  const seen = () =>
    state.pages.flatMap((page) =>
      page.messages.flatMap((it) => JSON.parse(it.body.toString()) as Row[]),
    );
  return { state, once, round, seen };
}

describe("polling a TMS that speaks OTM5", () => {
  it("asks for what changed since the last change that it saw, less the overlap", async () => {
    const list = new TripList();
    list.rows = [{ id: "a", lastModified: at(50) }];
    const { round } = poller(list);
    await round();
    await round();
    expect(list.asked.map((it) => it.query)).to.deep.equal([
      { limit: "100" },
      { limit: "100", lastModifiedSince: at(-10) },
    ]);
  });

  it("makes no message of what it has taken already", async () => {
    const list = new TripList();
    list.rows = [{ id: "a", lastModified: at(50) }];
    const { round, state } = poller(list);
    await round();
    await round();
    const inbox = new KnownMessages();
    expect(state.pages.map((it) => inbox.take(it))).to.deep.equal([1, 0]);
  });

  it("takes an entity that was committed late, with an earlier lastModified", async () => {
    const list = new TripList();
    list.rows = [{ id: "a", lastModified: at(50) }];
    const { round, seen } = poller(list);
    await round();
    list.rows.push({ id: "late", lastModified: at(40) });
    await round();
    expect(seen().map((it) => it.id)).to.include("late");
  });

  it("takes entities that share one lastModified, also when they are more than a page", async () => {
    const list = new TripList();
    list.rows = Array.from({ length: 7 }, (_, n) => ({ id: `t${n}`, lastModified: at(50) }));
    const { round, seen } = poller(list, { page_size: 2 });
    await round();
    list.rows.push({ id: "same second", lastModified: at(50) });
    await round();
    expect(new Set(seen().map((it) => it.id)).size).to.equal(8);
  });

  it("skips nothing when entities change while it pages", async () => {
    const change = fc.record({
      id: fc.integer({ min: 0, max: 9 }),
      second: fc.integer({ min: 0, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.array(change, { maxLength: 12 }),
        fc.integer({ min: 2, max: 4 }),
        async (first, later, page_size) => {
          const list = new TripList();
          let clock = 60;
          const apply = ({ id, second }: { id: number; second: number }, base: number) => {
            list.rows = list.rows.filter((it) => it.id !== String(id));
            list.rows.push({ id: String(id), lastModified: at(base + second) });
          };
          for (const it of first) apply(it, 0);
          const waiting = [...later];
          list.meanwhile = () => {
            const next = waiting.shift();
            // A change is stamped when it is made: after everything that was there.
            if (next !== undefined) apply({ id: next.id, second: 0 }, (clock += 1));
          };
          const { round, seen } = poller(list, { page_size });
          for (let n = 0; n < later.length + 2; n += 1) await round();
          const taken = new Set(seen().map((it) => `${it.id} ${it.lastModified}`));
          for (const { id, lastModified } of list.rows)
            expect(taken).to.include(`${id} ${lastModified}`);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("pages over an unsorted list by offset, when the settings say so", async () => {
    const list = new TripList();
    list.sorted = false;
    list.rows = [5, 1, 4, 2, 3].map((n) => ({ id: `t${n}`, lastModified: at(n) }));
    const { round, seen } = poller(list, { page_size: 2, sorted: false });
    await round();
    expect(new Set(seen().map((it) => it.id)).size).to.equal(5);
  });

  it("pauses on a list that is not sorted as the settings say", async () => {
    const list = new TripList();
    list.sorted = false;
    list.rows = [5, 1, 4].map((n) => ({ id: `t${n}`, lastModified: at(n) }));
    const fault = await poller(list, { page_size: 2 })
      .round()
      .catch((it: unknown) => it);
    expect(fault).to.include({ code: "poll_unsorted", retry: "pause" });
  });

  it("says that nothing changed with a condition, and understands 304", async () => {
    const list = new TripList();
    list.rows = [{ id: "a", lastModified: at(50) }];
    const { round, state } = poller(list);
    for (let n = 0; n < 3; n += 1) await round();
    expect(list.asked.at(-1)?.headers).to.have.property("if-none-match");
    expect(list.asked.at(-1)?.headers).to.have.property("if-modified-since");
    expect(state.pages.at(-1)).to.deep.include({ messages: [], more: false });
    list.rows.push({ id: "b", lastModified: at(55) });
    await round();
    const inbox = new KnownMessages();
    expect(state.pages.map((it) => inbox.take(it)).at(-1)).to.equal(1);
  });

  it("goes through all lists in one round", async () => {
    const list = new TripList();
    const { round } = poller(list, { paths: ["/trips", "/consignments", "/events"] });
    await round();
    expect(list.asked.map((it) => it.path)).to.deep.equal(["/trips", "/consignments", "/events"]);
  });

  it("starts a list at its beginning when the settings name a new one", async () => {
    const list = new TripList();
    list.rows = [{ id: "a", lastModified: at(50) }];
    const first = poller(list);
    await first.round();
    const second = poller(list, { paths: ["/trips", "/events"] });
    second.state.cursor = first.state.cursor;
    await second.round();
    expect(list.asked.at(-1)).to.deep.include({ path: "/events", query: { limit: "100" } });
  });

  it("keeps its cursor when the partner answers something else than a list", async () => {
    const bad: Peer = {
      request: () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from('"soon"') }),
    };
    const settings = otm5Source.settings.parse({});
    const fault = await otm5Source.fetchPage!(bad, null, settings, NEVER, NOW).catch(
      (it: unknown) => it,
    );
    expect(fault).to.include({ code: "bad_answer", retry: "later" });
  });

  it("knows what a list holds when its entities do not tell their type", () => {
    const trip = { id: "t1", lastModified: at(1), status: "confirmed" };
    const message = {
      body: Buffer.from(JSON.stringify([trip])),
      contentType: "application/json",
      receivedAt: new Date(at(2)),
      attributes: { url: "/api/v5/trips?limit=100" },
    };
    const { facts } = otm5Source.read(message, otm5Source.settings.parse({}));
    expect(facts.map(({ fact }) => (fact.kind === "milestone" ? fact.code : ""))).to.deep.equal([
      "tender_accepted",
    ]);
  });
});
