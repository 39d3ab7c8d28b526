import { expect } from "chai";
import fc from "fast-check";
import { aftershipSource } from "../../bridge/sources/aftership/source.ts";
import { dcsaSource } from "../../bridge/sources/dcsa/source.ts";
import { easypostSource } from "../../bridge/sources/easypost/source.ts";
import { karrioSource } from "../../bridge/sources/karrio/source.ts";
import { mappedSource } from "../../bridge/sources/mapped/source.ts";
import { otm5Source } from "../../bridge/sources/otm5/source.ts";
import { sources } from "../../bridge/sources/registry.ts";
import type { AnySource, Page, Peer, PeerRequest } from "../../bridge/sources/source.ts";
import { rounds } from "../rounds.ts";
import { KnownMessages } from "./known_messages.ts";
import { partner } from "./mapped/mapped_kit.ts";

const NEVER = new AbortController().signal;
const START = Date.UTC(2026, 10, 23, 8);
const SECOND = 1000;
const DAY = 86_400 * SECOND;

interface Item {
  id: number;
  /** Grows with each change. */
  version: number;
  at: number;
  created: number;
}

type Order = "oldest change first" | "newest change first" | "by id" | "newest first";
type Change = { what: "add" | "touch" | "late" | "ahead" | "remove"; which: number };

const textOf = (at: number) => new Date(at).toISOString().replace(".000Z", "Z");
/** Where each item says its id and version, whatever the source: `~12/3~`. */
const markOf = ({ id, version }: Item) => `~${id}/${version}~`;
const MARK = /~\d+\/\d+~/g;

/** A partner's list, which changes behind each answer; positions are all that its paging knows. */
class ChangingList {
  readonly items: Item[] = [];
  now = START;
  #ids = 0;

  change({ what, which }: Change): void {
    const chosen = this.items[which % Math.max(1, this.items.length)];
    if (what === "remove") {
      if (chosen !== undefined) this.items.splice(this.items.indexOf(chosen), 1);
    } else if (what === "touch" && chosen !== undefined) {
      chosen.version += 1;
      chosen.at = this.now;
    } else {
      // Late: written now, but dated within the overlap; ahead: by a clock that is three days off.
      const off = what === "late" ? -40 * SECOND : what === "ahead" ? 3 * DAY : 0;
      this.items.push({ id: ++this.#ids, version: 1, at: this.now + off, created: this.now });
    }
  }

  /** What matches, in the list's order. */
  select(order: Order, since: string | null | undefined, mine: (it: Item) => boolean = () => true) {
    const key = (it: Item) =>
      order === "by id"
        ? (it.id * 7919) % 1009
        : order === "newest first"
          ? -it.created
          : order === "newest change first"
            ? -it.at
            : it.at;
    return this.items
      .filter((it) => mine(it) && (!since || it.at >= Date.parse(since)))
      .toSorted((a, b) => key(a) - key(b) || a.id - b.id);
  }
}

interface Polled {
  source: AnySource;
  settings: unknown;
  order: Order;
  /** The answer's body and headers. */
  answer(list: ChangingList, query: URLSearchParams, path: string): [unknown, object?];
}

const page = (items: readonly Item[], from: number, size: number) => items.slice(from, from + size);

/** A cursor that is a position in disguise. */
function positioned(items: readonly Item[], cursor: string | null, size: number) {
  const from = Number(cursor ?? 0);
  const next = from + size < items.length ? String(from + size) : undefined;
  return { items: page(items, from, size), next };
}

const event = (it: Item) => ({
  eventType: "SHIPMENT",
  eventID: `3cecb101-7a1a-43a4-9d62-${String(it.id * 1000 + it.version).padStart(12, "0")}`,
  eventCreatedDateTime: textOf(Math.min(it.at, it.created)),
  eventDateTime: textOf(it.at),
  eventClassifierCode: "ACT",
  shipmentEventTypeCode: "CONF",
  documentID: markOf(it),
  documentTypeCode: "BKG",
});

const carrier = (references: Array<{ booking: string }>, order: Order): Polled => ({
  source: dcsaSource,
  settings: dcsaSource.settings.parse({ references }),
  order,
  answer: (list, query) => {
    const booking = query.get("carrierBookingReference");
    // Creation times: a change is an event of its own there, so its creation is its change.
    const all = list.select(order, query.get("eventCreatedDateTime:gte"), (it) =>
      booking === null ? true : it.id % references.length === Number(booking),
    );
    const { items, next } = positioned(all, query.get("cursor"), 3);
    const events = items.map((it) => ({ ...event(it), eventCreatedDateTime: textOf(it.at) }));
    return [events, next === undefined ? {} : { "next-page": `/v2/events?cursor=${next}` }];
  },
});

const tracking = (it: Item) => ({ id: markOf(it), updated_at: textOf(it.at) });
const aftership = (order: Order, by: "cursor" | "page"): Polled => ({
  source: aftershipSource,
  settings: aftershipSource.settings.parse({}),
  order,
  answer: (list, query) => {
    const all = list.select(order, query.get("updated_at_min"));
    if (by === "cursor") {
      const { items, next } = positioned(all, query.get("cursor"), 3);
      const pagination = { next_cursor: next ?? "", has_next_page: next !== undefined };
      return [{ data: { trackings: items.map(tracking), pagination } }];
    }
    const number = Number(query.get("page") ?? 1);
    const trackings = page(all, (number - 1) * 3, 3).map(tracking);
    return [{ data: { page: number, limit: 3, count: all.length, trackings } }];
  },
});

const otm5 = (order: Order, sorted: boolean): Polled => ({
  source: otm5Source,
  settings: otm5Source.settings.parse({
    poll: { paths: ["/trips", "/events"], page_size: 3, sorted },
  }),
  order,
  answer: (list, query, path) => {
    const all = list.select(order, query.get("lastModifiedSince"), (it) =>
      path === "/trips" ? it.id % 2 === 0 : it.id % 2 === 1,
    );
    const items = page(all, Number(query.get("offset") ?? 0), 3);
    return [items.map((it) => ({ id: markOf(it), lastModified: textOf(it.at), status: "draft" }))];
  },
});

const mapped = (order: Order, pagination: Record<string, unknown>): Polled => ({
  source: mappedSource,
  settings: partner({
    records: "loads",
    fetch: { path: "/loads", pagination, since: { parameter: "since", field: "at" } },
  }),
  order,
  answer: (list, query) => {
    const all = list.select(order, query.get("since"));
    const from = Number(query.get("from") ?? (Number(query.get("page") ?? 1) - 1) * 3);
    const loads = page(all, from, 3).map((it) => ({
      load: markOf(it),
      code: "DEL",
      at: textOf(it.at),
    }));
    return [{ loads }];
  },
});

const POLLED: Record<string, Polled> = {
  "dcsa, everything": carrier([], "newest change first"),
  "dcsa, two bookings": carrier([{ booking: "0" }, { booking: "1" }], "by id"),
  "aftership by cursor": aftership("by id", "cursor"),
  "aftership by cursor, oldest change first": aftership("oldest change first", "cursor"),
  "aftership by page": aftership("newest change first", "page"),
  "otm5, sorted": otm5("oldest change first", true),
  "otm5, in no order": otm5("by id", false),
  easypost: {
    source: easypostSource,
    settings: easypostSource.settings.parse({}),
    order: "newest first",
    answer: (list, query) => {
      const all = list.select("newest first", null);
      const before = Number(/~(\d+)/.exec(query.get("before_id") ?? "")?.[1] ?? 0);
      // Its place is by creation: it holds when the tracker itself is gone.
      const from = before === 0 ? 0 : all.filter((it) => it.id >= before).length;
      const trackers = page(all, from, 3).map((it) => ({ ...tracking(it), object: "Tracker" }));
      return [{ trackers, has_more: from + 3 < all.length }];
    },
  },
  karrio: {
    source: karrioSource,
    settings: karrioSource.settings.parse({}),
    order: "newest first",
    answer: (list, query) => {
      const all = list.select("newest first", null);
      const from = Number(query.get("offset"));
      const results = page(all, from, 3).map(tracking);
      return [{ results, next: from + 3 < all.length ? "https://…" : null }];
    },
  },
  "mapped by offset": mapped("by id", { by: "offset", parameter: "from", step: 3 }),
  "mapped by page": mapped("oldest change first", { by: "page", parameter: "page" }),
};

class Poll implements Peer {
  readonly list = new ChangingList();
  readonly inbox = new KnownMessages();
  readonly #polled: Polled;
  #cursor: string | null = null;
  /** Run behind each answer. */
  meanwhile: () => void = () => undefined;

  constructor(polled: Polled) {
    this.#polled = polled;
  }

  request({ path, query = {} }: PeerRequest) {
    const { list } = this;
    list.now += SECOND;
    const date = new Date(list.now).toUTCString();
    const [body, headers = {}] = this.#polled.answer(list, new URLSearchParams(query), path);
    list.now += SECOND;
    this.meanwhile();
    const answer = { status: 200, body: Buffer.from(JSON.stringify(body)) };
    return Promise.resolve({ ...answer, headers: { date, ...headers } });
  }

  /** One poll to its end; gives how many messages were new. */
  async round(): Promise<number> {
    const { source, settings } = this.#polled;
    let fresh = 0;
    for (let pages = 0; ; pages += 1) {
      const now = new Date(this.list.now);
      const got: Page = await source.fetchPage!(this, this.#cursor, settings, NEVER, now);
      fresh += this.inbox.take(got);
      this.#cursor = got.cursor;
      if (!got.more) return fresh;
      expect(pages).to.be.lessThan(500);
    }
  }

  marks(): string[] {
    return this.inbox.stored.flatMap((it) => it.body.toString().match(MARK) ?? []);
  }
}

const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom("add", "add", "touch", "touch", "late", "ahead", "remove"),
  which: fc.nat(30),
});

describe("a list that changes between any two requests", function () {
  this.timeout(60_000);

  it("is tried with every source that can be polled", () => {
    const tried = new Set(Object.values(POLLED).map((it) => it.source.id));
    for (const { id, fetchPage } of sources.values())
      if (fetchPage !== undefined) expect(tried).to.include(id);
  });

  for (const [name, polled] of Object.entries(POLLED)) {
    const isWhole = polled.source.id === "mapped";
    it(`gives every item exactly once: ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 14 }),
          fc.array(fc.option(change), { maxLength: 25 }),
          async (before, between) => {
            const poll = new Poll(polled);
            for (const it of before) {
              poll.list.change(it);
              poll.list.now += SECOND;
            }
            const waiting = [...between];
            poll.meanwhile = () => {
              const next = waiting.shift();
              if (next) poll.list.change(next);
            };
            for (let n = 0; waiting.length > 0 || n < 2; n += 1) await poll.round();
            // Until all that changed lies behind the overlap.
            poll.list.now += 120 * SECOND;
            for (let n = 0; n < 3; n += 1) await poll.round();
            const marks = poll.marks();
            for (const it of poll.list.items) expect(marks).to.include(markOf(it));
            // A page of a partner's own format is kept whole; its facts have keys.
            if (!isWhole) expect(marks).to.have.length(new Set(marks).size);
            expect(await poll.round(), "a list without change").to.equal(0);
          },
        ),
        { numRuns: rounds(isWhole ? 12 : 60) },
      );
    });
  }
});
