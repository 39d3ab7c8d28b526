import { expect } from "chai";
import { ReadingBuilder, identifiers } from "../../../../bridge/sources/shared/reading/reading.ts";

describe("what is gathered from a message", () => {
  const occurred = { at: "2026-11-23T08:00:00Z", precision: "second" } as const;
  const milestone = {
    kind: "milestone",
    identifiers: [{ type: "tracking", value: "1" }],
    applies_to: "one",
    recorded_at: "2026-11-23T08:00:00Z",
    classifier: "actual",
    occurred,
    raw_code: "X",
  } as const;

  it("becomes an error finding, not a fact, where the canonical model refuses it", () => {
    const builder = new ReadingBuilder();
    const added = builder.milestone(
      { ...milestone, message_path: "/scan/3", raw_code: "" } as never,
      "lane",
    );
    expect(added).to.equal(false);
    const { facts, findings } = builder.done();
    expect(facts).to.deep.equal([]);
    expect(findings).to.have.length(1);
    expect(findings[0]).to.include({ severity: "error", code: "not_canonical", path: "/scan/3" });
    expect(findings[0]?.text).to.match(/^\/raw_code: /);
  });

  it("goes without a path when it is the whole message", () => {
    const builder = new ReadingBuilder();
    builder.milestone({ ...milestone, message_path: "" } as never, "");
    expect(builder.done().facts[0]).to.deep.equal({
      fact: milestone,
      priority: "exception",
      lane: "-",
    });
  });

  it("says so when there was nothing", () => {
    expect(new ReadingBuilder().done().findings.map((it) => it.code)).to.deep.equal(["no_events"]);
  });

  it("hurries what billing waits for, then trouble, then forecasts and positions", () => {
    const priority = (more: object) => {
      const builder = new ReadingBuilder();
      builder.milestone({ ...milestone, ...more } as never, "lane");
      return builder.done().facts[0]?.priority;
    };
    expect(priority({ code: "delivered" })).to.equal("billing");
    expect(priority({ conditions: ["pod_available"] })).to.equal("billing");
    expect(priority({ code: "delivered", classifier: "estimated" })).to.equal("eta");
    expect(priority({ code: "customs_hold" })).to.equal("exception");
    expect(priority({ conditions: ["damaged"] })).to.equal("exception");
    expect(priority({})).to.equal("exception");
    expect(priority({ code: "arrived_terminal" })).to.equal("eta");
    expect(priority({ code: "in_transit" })).to.equal("position");
  });

  it("names a shipment by at most 40 different identifiers", () => {
    const many = Array.from({ length: 60 }, (_, i) => ["po", `P${i % 50}`] as const);
    expect(identifiers(["po", "P0"], ["po", " "], ["po", undefined], ...many)).to.have.length(40);
  });
});
