import { expect } from "chai";
import { adviceOf } from "../../bridge/admin/advice.ts";
import type { Status } from "../../bridge/admin/status_type.ts";

const NOW = new Date("2026-11-29T12:00:00Z");
const QUIET: Omit<Status, "advice"> = {
  environment: "test",
  pauses: [],
  queue: [],
  replies: [],
  dead_letters: [],
  quarantine: [],
  unanswered: [],
  drift: [],
  proofs: [],
  differences: [],
  unread: 0,
  backup: { at: "2026-11-29T02:00:00.000Z" },
  restored: null,
};
const advice = (more: Partial<Status>) => adviceOf({ ...QUIET, ...more }, NOW);

describe("the status's advice", () => {
  it("is silent when all is well, and while facts are only on their way", () => {
    expect(advice({})).to.deep.equal([]);
    const onTheWay = { state: "ready", count: 10, oldest_seconds: 59 };
    expect(advice({ queue: [{ ...onTheWay, priority: "billing" }] })).to.deep.equal([]);
    expect(
      advice({ queue: [{ ...onTheWay, priority: "eta", oldest_seconds: 800 }] }),
    ).to.deep.equal([]);
  });

  it("says of orders whose answer is overdue how many, to whom and since when", () => {
    const since = "2026-11-29T07:00:00.000Z";
    const [said] = advice({ unanswered: [{ connection: "acme", count: 2, since }] });
    expect(said).to.include({ what: "2 orders to acme lack an answer that is overdue", since });
  });

  it("says of proofs behind a link that were given up how to fetch them", () => {
    const since = "2026-11-29T07:00:00.000Z";
    const [said] = advice({ proofs: [{ connection: "acme", count: 2, since }] });
    expect(said?.what).to.equal("2 proofs of acme behind a link were not fetched");
    expect(said?.todo).to.include("milepost proofs list acme");
  });

  it("says of a partner whose messages changed the greatest difference, and how to answer it", () => {
    const since = "2026-11-29T07:00:00.000Z";
    const first = "/driver is gone, it was in 50 % of the messages (milestone)";
    const [said] = advice({ drift: [{ connection: "acme", count: 3, since, first }] });
    expect(said?.what).to.equal(`messages of acme changed (3): ${first}`);
    expect(said?.todo).to.include("milepost drift accept acme");
  });

  it("says of a pause what is paused, since when, and its hint", () => {
    const since = "2026-11-29T11:00:00.000Z";
    const pause = { scope: "poll", connection: "acme", code: "peer_unauthorized", since };
    const [said] = advice({ pauses: [{ ...pause, reason: "refused", hint: "check peer.auth" }] });
    expect(said).to.deep.equal({
      what: "poll of acme is paused: refused [peer_unauthorized]",
      since,
      todo: "check peer.auth",
    });
  });

  it("says of money that waits since when, and of what is set aside the command for it", () => {
    const [waits] = advice({
      queue: [{ state: "in_flight", priority: "billing", count: 3, oldest_seconds: 90 }],
    });
    expect(waits?.what).to.equal("3 facts (billing) are in flight and not in Odoo");
    expect(waits?.since).to.equal("2026-11-29T11:58:30.000Z");
    const since = "2026-11-28T11:00:00.000Z";
    const aside = { connection: "acme", count: 2, since };
    const said = advice({
      dead_letters: [{ ...aside, stage: "deliver" }],
      quarantine: [aside],
    });
    expect(said.map((it) => it.since)).to.deep.equal([since, since]);
    expect(said[0]?.todo).to.include("dead-letter list --connection acme --stage deliver");
    expect(said[1]?.todo).to.include("quarantine list --connection acme");
  });

  it("misses a backup, and says what a restore left to do", () => {
    expect(advice({ backup: null })[0]?.what).to.equal("there is no backup of this store");
    expect(advice({ backup: { at: "2026-11-27T12:00:00.000Z" } })[0]?.what).to.include("is old");
    const restored = { at: "2026-11-29T11:00:00.000Z", copy_of: "2026-11-29T02:00:00.000Z" };
    expect(advice({ restored })[0]?.todo).to.include("milepost restore --missing");
  });
});
