import { expect } from "chai";
import { growth, LINEAR } from "../../growth.ts";
import { interchange } from "./samples.ts";
import { tokens } from "./tokens.ts";

const HEAD = interchange("214", [["B10*P*S*C"]]);

describe("x12: the tokenizer's cost", () => {
  it("takes linear time for one segment of 10 MB, whole and in crumbs", () => {
    const head = Buffer.from(HEAD);
    const giant = (bytes: number) =>
      Buffer.concat([head, Buffer.from("N1*ST*"), Buffer.alloc(bytes, "*")]);
    const whole = tokens(giant(10_000_000));
    expect(whole.troubles.map(({ code }) => code)).to.include("segment_too_long");
    for (const size of [Infinity, 4096, 13]) {
      expect(growth(giant, (bytes) => tokens(bytes, size), 1_000_000)).to.be.below(LINEAR);
    }
  }).timeout(120_000);

  it("takes linear time for 10 MB of text without ISA and of ISAs without end", () => {
    for (const fill of ["I", "ISA*"]) {
      const make = (bytes: number) => Buffer.alloc(bytes, fill);
      const cost = growth(make, (bytes) => tokens(bytes, 65_536), 2_500_000);
      expect(cost, fill).to.be.below(LINEAR);
    }
  }).timeout(120_000);
});
