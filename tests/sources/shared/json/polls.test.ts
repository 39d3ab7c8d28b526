import { expect } from "chai";
import { aftershipSource } from "../../../../bridge/sources/aftership/source.ts";
import { dcsaSource } from "../../../../bridge/sources/dcsa/source.ts";
import { easypostSource } from "../../../../bridge/sources/easypost/source.ts";
import { karrioSource } from "../../../../bridge/sources/karrio/source.ts";
import { MilepostError } from "../../../../bridge/errors.ts";
import type { Page, Source } from "../../../../bridge/sources/source.ts";
import { type Answer, NEVER, fakePeer } from "./fake_peer.ts";

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
    const page = await source.fetchPage!(peer, cursor, settings, NEVER);
    pages.push(page);
    cursor = page.cursor;
  } while (pages.at(-1)?.more);
  return { queries: peer.asked.map((it) => it.query ?? {}), pages, cursor };
}

describe("polling DCSA 2.x", () => {
  const event = (at: string) => ({ eventType: "SHIPMENT", eventCreatedDateTime: at });

  it("follows the next page's link and goes on from the latest creation", async () => {
    const { queries, pages, cursor } = await poll(dcsaSource, [
      {
        body: [event("2026-01-02T00:00:00Z")],
        headers: { "next-page": "https://carrier.example/v2/events?cursor=abc&limit=100" },
      },
      { body: [event("2026-01-01T00:00:00+08:00")] },
    ]);
    expect(queries).to.deep.equal([{ limit: "100" }, { limit: "100", cursor: "abc" }]);
    expect(pages.map((it) => it.messages.length)).to.deep.equal([1, 1]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ since: "2026-01-02T00:00:00Z" });
    const next = await poll(dcsaSource, [{ body: [] }], {}, cursor);
    expect(next.queries).to.deep.equal([
      { limit: "100", "eventCreatedDateTime:gte": "2026-01-02T00:00:00Z" },
    ]);
    expect(next.pages[0]?.messages).to.deep.equal([]);
    expect(next.cursor).to.equal(cursor);
  });

  it("does not follow a next page that is this one again", async () => {
    const headers = { "next-page": "/v2/events?cursor=abc" };
    const { queries } = await poll(dcsaSource, [
      { body: [], headers },
      { body: [], headers },
    ]);
    expect(queries).to.have.length(2);
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
        {
          body: { events: [{ eventUpdatedDateTime: "2026-01-05T00:00:00Z" }] },
          headers: { "next-page-cursor": "p2" },
        },
        { body: { events: [] } },
        { body: { events: [{ eventUpdatedDateTime: "2026-01-04T00:00:00Z" }] } },
      ],
      settings,
    );
    expect(queries).to.deep.equal([
      { limit: "100", carrierBookingReference: "B1" },
      { limit: "100", carrierBookingReference: "B1", cursor: "p2" },
      { limit: "100", equipmentReference: "APZU4812090" },
    ]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ since: "2026-01-05T00:00:00Z" });
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
    const { queries, cursor } = await poll(aftershipSource, [
      {
        body: {
          data: {
            trackings: [{ updated_at: "2026-01-02T03:00:00+01:00" }],
            pagination: { next_cursor: "n", has_next_page: true },
          },
        },
      },
      { body: { data: { trackings: [], pagination: { next_cursor: "", has_next_page: false } } } },
    ]);
    expect(queries).to.deep.equal([{ limit: "200" }, { limit: "200", cursor: "n" }]);
    expect(JSON.parse(cursor ?? "")).to.deep.equal({ since: "2026-01-02T02:00:00Z" });
  });

  it("pages an older AfterShip by number", async () => {
    const page = (number: number) => ({
      body: { data: { page: number, limit: 1, count: 2, trackings: [{}] } },
    });
    const { queries } = await poll(aftershipSource, [page(1), page(2)]);
    expect(queries).to.deep.equal([{ limit: "200" }, { limit: "200", page: "2" }]);
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
