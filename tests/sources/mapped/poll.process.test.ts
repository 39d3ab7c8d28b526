import { expect } from "chai";
import { mappedSource } from "../../../bridge/sources/mapped/source.ts";
import type { PeerRequest } from "../../../bridge/sources/source.ts";
import { partner } from "./mapped_kit.ts";

const NOW = new Date("2026-11-24T08:00:00Z");

type Answer = { body: unknown; headers?: Record<string, string> };

/** Polls until a round is through; gives the requests and how many messages were kept. */
async function round(
  fetch: Record<string, unknown>,
  answer: (request: PeerRequest) => Answer,
  cursor: string | null = null,
) {
  const by = partner({ records: "loads", fetch: { path: "/loads", ...fetch } });
  const asked: string[] = [];
  const warned: string[] = [];
  let messages = 0;
  for (;;) {
    const page = await mappedSource.fetchPage!(
      {
        request: (request) => {
          asked.push(`${request.path}?${new URLSearchParams(request.query).toString()}`);
          const { body, headers = {} } = answer(request);
          return Promise.resolve({ status: 200, headers, body: Buffer.from(JSON.stringify(body)) });
        },
      },
      cursor,
      by,
      AbortSignal.timeout(30_000),
      NOW,
    );
    messages += page.messages.length;
    warned.push(...(page.warnings ?? []).map(({ code }) => code));
    cursor = page.cursor;
    if (!page.more) return { asked, messages, cursor, warned };
    expect(asked.length).to.be.lessThan(10);
  }
}

const load = (at: string) => ({ load: "L1", code: "DEL", at });

describe("polling by a partner's file", function () {
  this.timeout(30_000);

  it("counts pages until one is empty", async () => {
    const { asked, messages } = await round(
      { pagination: { by: "page", parameter: "page" }, query: { size: "1" } },
      ({ query }) => ({
        body: { loads: query?.["page"] === "3" ? [] : [load("2026-11-23T08:00:00Z")] },
      }),
    );
    expect(asked).to.deep.equal([
      "/loads?size=1&page=1",
      "/loads?size=1&page=2",
      "/loads?size=1&page=3",
    ]);
    expect(messages).to.equal(2);
  });

  it("goes on by offset until a page is not full", async () => {
    const { asked } = await round(
      { pagination: { by: "offset", parameter: "from", step: 2 } },
      ({ query }) => ({
        body: {
          loads:
            query?.["from"] === "0"
              ? [load("2026-11-23"), load("2026-11-24")]
              : [load("2026-11-25")],
        },
      }),
    );
    expect(asked).to.deep.equal(["/loads?from=0", "/loads?from=2"]);
  });

  it("follows the partner's cursor, and does not follow one that leads nowhere", async () => {
    const { asked } = await round(
      { pagination: { by: "cursor", parameter: "after", next: "meta.next" } },
      () => ({ body: { loads: [load("2026-11-23")], meta: { next: "c2" } } }),
    );
    expect(asked).to.deep.equal(["/loads?", "/loads?after=c2"]);
  });

  it("follows the Link header", async () => {
    const { asked } = await round({ pagination: { by: "link" } }, ({ path }) => ({
      body: { loads: [load("2026-11-23")] },
      headers:
        path === "/loads"
          ? { link: '</api/loads?page=2>; rel="next", </api/loads>; rel="first"' }
          : {},
    }));
    expect(asked).to.deep.equal(["/loads?", "/loads?page=2?"]);
  });

  it("asks only for what changed since the last round, with an overlap", async () => {
    const since = {
      parameter: "updated_after",
      field: "at",
      start: "2026-01-01",
      overlap_seconds: 60,
    };
    const answer = () => ({
      body: { loads: [load("2026-11-23T08:00:00Z"), load("2026-11-23T07:00:00Z")] },
    });
    const first = await round({ since }, answer);
    expect(first.asked).to.deep.equal(["/loads?updated_after=2026-01-01"]);
    const second = await round({ since }, answer, first.cursor);
    expect(second.asked).to.deep.equal([
      `/loads?${new URLSearchParams({ updated_after: "2026-11-23T07:59:00Z" }).toString()}`,
    ]);
    expect(second.warned).to.deep.equal([]);
  });

  it("says that no record shows the time since which it should ask", async () => {
    const since = { parameter: "updated_after", field: "updated", start: "2026-01-01" };
    const answer = () => ({ body: { loads: [load("2026-11-23T08:00:00Z")] } });
    expect((await round({ since }, answer)).warned).to.include("poll_no_since");
  });
});
