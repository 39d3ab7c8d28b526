import { expect } from "chai";
import { ReadingBuilder } from "../../../../bridge/sources/shared/reading/reading.ts";

describe("facts ahead of their receipt", () => {
  const received = new Date("2026-11-23T08:00:00Z");
  const common = {
    identifiers: [{ type: "tracking", value: "1" }],
    applies_to: "one",
    recorded_at: "2026-11-23T08:00:00Z",
    message_path: "AT7-5",
  } as const;
  const codes = (fact: object) => {
    const builder = new ReadingBuilder(received);
    builder.add({ ...common, ...fact } as never, "billing", "lane");
    const { facts, findings } = builder.done();
    expect(facts).to.have.length(1);
    return findings.map((it) => `${it.severity} ${it.code} ${it.path}`);
  };
  const at = (time: string, classifier: string) => ({
    kind: "milestone",
    raw_code: "D1",
    classifier,
    occurred: { at: time, precision: "second" },
  });
  const flagged = ["error ahead_of_receipt AT7-5"];

  it("are flagged when they say to have happened, and read all the same", () => {
    expect(codes(at("2099-07-10T13:30:00Z", "actual"))).to.deep.equal(flagged);
    const delivered = { at: "2027-11-23T08:00:00Z", precision: "date" };
    expect(codes({ kind: "proof_of_delivery", delivered })).to.deep.equal(flagged);
  });

  it("are no fault of a forecast, nor of a clock that is wrong by less than a day", () => {
    expect(codes(at("2026-12-24T08:00:00Z", "estimated"))).to.deep.equal([]);
    expect(codes(at("2026-11-24T08:00:00Z", "actual"))).to.deep.equal([]);
  });
});
