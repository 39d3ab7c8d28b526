import { expect } from "chai";
import { aftershipSource } from "../../../../bridge/sources/aftership/source.ts";
import { dcsaSource } from "../../../../bridge/sources/dcsa/source.ts";
import { easypostSource } from "../../../../bridge/sources/easypost/source.ts";
import { karrioSource } from "../../../../bridge/sources/karrio/source.ts";
import { MilepostError } from "../../../../bridge/errors.ts";
import type { Page, Source } from "../../../../bridge/sources/source.ts";
import { sources } from "../../../../bridge/sources/registry.ts";
import { type Answer, NEVER, fakePeer } from "./fake_peer.ts";

const NOW = new Date("2026-02-01T00:00:00Z");

/** Polls until nothing more waits; gives the queries asked and the pages. */
async function poll<S>(
  source: Source<S>,
  answers: Answer[],
  raw: unknown = {},
  start: string | null = null,
) {
  const peer = fakePeer(answers);
  const settings = source.settings.parse(raw);
  const pages: Page[] = [];
  let cursor = start;
  do {
    const page = await source.fetchPage!(peer, cursor, settings, NEVER, NOW);
    pages.push(page);
    cursor = page.cursor;
  } while (pages.at(-1)?.more);
  return { queries: peer.asked.map((it) => it.query ?? {}), pages, cursor };
}

describe("polling DCSA 2.x", () => {
  const event = (at: string) => ({
    eventType: "SHIPMENT",
    eventID: "3cecb101-7a1a-43a4-9d62-e88a13165001",
    eventCreatedDateTime: at,
    eventDateTime: at,
    eventClassifierCode: "ACT",
    shipmentEventTypeCode: "CONF",
    documentID: "ABC123",
    documentTypeCode: "BKG",
  });

  it("follows the next page's link and goes on from the latest creation", async () => {
    const answers = [
      {
        body: [event("2026-01-02T00:00:00Z")],
        headers: { "next-page": "https://carrier.example/v2/events?cursor=abc&limit=100" },
      },
      { body: [event("2026-01-01T00:00:00+08:00")] },
    ];
    const { queries, pages, cursor } = await poll(dcsaSource, [...answers, ...answers]);
    const asked = [{ limit: "100" }, { limit: "100", cursor: "abc" }];
    expect(queries).to.deep.equal([...asked, ...asked]);
    expect(pages.map((it) => it.messages.length)).to.deep.equal([1, 1, 1, 1]);
    const since = "2026-01-02T00:00:00Z";
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ rounds: { "||": { since } } });
    const next = await poll(dcsaSource, [{ body: [] }], {}, cursor);
    expect(next.queries).to.deep.equal([
      { limit: "100", "eventCreatedDateTime:gte": "2026-01-01T23:59:00Z" },
    ]);
    expect(next.pages[0]?.messages).to.deep.equal([]);
    expect(next.cursor).to.equal(cursor);
  });

  it("does not follow a next page that is this one again", async () => {
    const headers = { "next-page": "/v2/events?cursor=abc" };
    const page = { body: [], headers };
    const { queries } = await poll(dcsaSource, [page, page, page, page]);
    expect(queries).to.have.length(4);
  });
});

describe("polling DCSA 3.0", () => {
  it("keeps the first query beside the cursor and goes through the references", async () => {
    const settings = {
      version: "3.0",
      path: "/events",
      references: [{ booking: "B1" }, { equipment: "APZU4812090" }],
    };
    const { queries, cursor } = await poll(
      dcsaSource,
      [
        { body: { events: [] }, headers: { "next-page-cursor": "p2" } },
        { body: { events: [] } },
        { body: { events: [] }, headers: { "next-page-cursor": "p2" } },
        { body: { events: [] } },
        { body: { events: [] } },
      ],
      settings,
    );
    expect(queries).to.deep.equal([
      { limit: "100", carrierBookingReference: "B1" },
      { limit: "100", carrierBookingReference: "B1", cursor: "p2" },
      { limit: "100", carrierBookingReference: "B1" },
      { limit: "100", carrierBookingReference: "B1", cursor: "p2" },
      { limit: "100", equipmentReference: "APZU4812090" },
    ]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({
      rounds: { "B1||": {}, "||APZU4812090": {} },
    });
  });
});

describe("polling trackers", () => {
  it("walks EasyPost's list from the newest on, then starts over", async () => {
    const { queries, cursor } = await poll(easypostSource, [
      { body: { trackers: [{ id: "t2" }, { id: "t1" }], has_more: true } },
      { body: { trackers: [{ id: "t0" }], has_more: false } },
    ]);
    expect(queries[1]).to.include({
      before_id: "t1",
      start_datetime: queries[0]?.["start_datetime"],
    });
    expect(cursor).to.equal("{}");
  });

  it("pages AfterShip by cursor and goes on from the latest update", async () => {
    const pages = [
      {
        body: {
          data: {
            trackings: [{ updated_at: "2026-01-02T03:00:00+01:00" }],
            pagination: { next_cursor: "n", has_next_page: true },
          },
        },
      },
      { body: { data: { trackings: [], pagination: { next_cursor: "", has_next_page: false } } } },
    ];
    const { queries, cursor } = await poll(aftershipSource, [...pages, ...pages]);
    const asked = [{ limit: "200" }, { limit: "200", cursor: "n" }];
    expect(queries).to.deep.equal([...asked, ...asked]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ since: "2026-01-02T02:00:00Z" });
  });

  it("pages an older AfterShip by number", async () => {
    const page = (number: number) => ({
      body: { data: { page: number, limit: 1, count: 2, trackings: [{}] } },
    });
    const { queries } = await poll(aftershipSource, [page(1), page(2), page(1), page(2)]);
    const asked = [{ limit: "200" }, { limit: "200", page: "2" }];
    expect(queries).to.deep.equal([...asked, ...asked]);
  });

  it("pages Karrio by offset", async () => {
    const { queries, cursor } = await poll(karrioSource, [
      { body: { count: 2, next: "https://…", results: [{}] } },
      { body: { count: 2, next: null, results: [{}] } },
    ]);
    expect(queries.map((it) => it["offset"])).to.deep.equal(["0", "1"]);
    expect(cursor).to.equal("{}");
  });
});

describe("a poll whose partner refuses where it was", () => {
  const refusal = new MilepostError("refused", { code: "peer_refused", retry: "never" });
  const stale = {
    dcsa: { rounds: { "||": { since: "2026-01-02T00:00:00Z" } }, next: { cursor: "gone" } },
    aftership: { since: "2026-01-02T00:00:00Z", next: "gone" },
    easypost: { before: "gone", start: "2026-01-01T00:00:00Z" },
    karrio: { offset: 100, start: "2026-01-01T00:00:00Z" },
    otm5: {
      lists: {
        "/api/v5/consignments": { since: "2026-01-02T00:00:00Z", from: "2026-01-03T00:00:00Z" },
      },
    },
  };

  for (const [id, cursor] of Object.entries(stale)) {
    it(`starts over from the last good time and says so: ${id}`, async () => {
      const source = sources.get(id) as Source;
      const settings = source.settings.parse({});
      const fetch = (from: string) =>
        source.fetchPage!({ request: () => Promise.reject(refusal) }, from, settings, NEVER, NOW);
      const page = await fetch(JSON.stringify(cursor));
      expect(page.warnings?.map((it) => it.code)).to.deep.equal(["poll_place_refused"]);
      expect(page.messages).to.deep.equal([]);
      expect(page.cursor).to.not.include("gone").and.not.include("from");
      if (!["easypost", "karrio"].includes(id)) expect(page.cursor).to.include("2026-01-02");
      // From there on a refusal is one of the question itself.
      const again = await fetch(id === "otm5" ? "{}" : page.cursor).catch((it: unknown) => it);
      expect(again).to.equal(refusal);
    });
  }
});

describe("an item that is dated ahead of the clock", () => {
  it("is taken and said, and the poll goes on from now", async () => {
    const tracking = { updated_at: "2026-02-04T00:00:00Z" };
    const { pages, cursor } = await poll(aftershipSource, [
      { body: { data: { trackings: [tracking] } } },
    ]);
    expect(pages[0]?.messages).to.have.length(1);
    expect(pages[0]?.warnings?.map((it) => it.code)).to.deep.equal(["poll_ahead"]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ since: "2026-02-01T00:00:00Z" });
  });

  it("does not keep a cursor of older versions ahead", async () => {
    const since = "2026-02-04T00:00:00Z";
    const answers = [{ body: { data: { trackings: [] } } }];
    const { queries, cursor } = await poll(aftershipSource, answers, {}, JSON.stringify({ since }));
    expect(queries[0]?.["updated_at_min"]).to.equal("2026-02-01T00:04:00Z");
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ since: "2026-02-01T00:00:00Z" });
  });

  it("moves no cursor when it is refused", async () => {
    const refused = { eventType: "SHIPMENT", eventCreatedDateTime: "2026-01-20T00:00:00Z" };
    const { cursor } = await poll(dcsaSource, [{ body: [refused] }]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ rounds: { "||": {} } });
  });
});

describe("a poll's troubles", () => {
  async function failure(
    source: Source<never>,
    answers: Answer[],
    cursor: string | null,
  ): Promise<MilepostError> {
    try {
      await poll(source, answers, {}, cursor);
    } catch (error) {
      if (error instanceof MilepostError) return error;
      throw error;
    }
    throw new Error("went through");
  }

  it("are passed on: a page that is no JSON is tried later, a cursor that is none pauses", async () => {
    for (const source of [dcsaSource, easypostSource, aftershipSource, karrioSource]) {
      const as = source as unknown as Source<never>;
      expect(await failure(as, [{ body: "<html>" }], null)).to.include({
        retry: "later",
        code: "bad_answer",
      });
      expect(await failure(as, [], '{"page":-1,"what":2}')).to.include({
        retry: "pause",
        code: "bad_cursor",
      });
    }
  });
});
