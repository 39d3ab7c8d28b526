import { expect } from "chai";
import {
  asking,
  differences,
  endedOf,
  faults,
  twins,
  type Ended,
  type Mode,
} from "../../tools/odoo/upstream/outcomes.ts";

const ended = (mode: Mode, test: string, outcome: Ended["outcome"] = "failed"): Ended => ({
  mode,
  test,
  outcome,
  ...(outcome === "failed" ? { text: "AssertionError: 'no' != 'to invoice'" } : {}),
});
const named = { a: { why: "billed before proof", says: "'no' != 'to invoice'" } };

describe("Odoo's own tests with the addons", () => {
  it("are read from their lines, whatever else is printed", () => {
    const line = 'TEST {"mode": "default", "test": "sale.test_a.A.test_1", "outcome": "passed"}';
    expect(endedOf(line)).to.deep.equal(ended("default", "sale.test_a.A.test_1", "passed"));
    expect(endedOf("TESTS are running")).to.equal(null);
  });

  it("differ when they end in another way than without them, failed or skipped", () => {
    const with_ = [
      ended("no_proof", "a"),
      ended("no_proof", "b"),
      ended("no_proof", "c", "skipped"),
      ended("no_proof", "d", "passed"),
    ];
    const found = differences(with_, { a: "failed" }).map((one) => [one.test, one.without]);
    expect(found).to.deep.equal([
      ["b", "passed"],
      ["c", "passed"],
    ]);
  });

  it("run without need of proof, too, where a policy was asked", () => {
    const with_ = [{ ...ended("default", "a"), policies: true }, ended("default", "b")];
    expect(asking(with_)).to.deep.equal(["a"]);
  });

  it("must not differ where nothing waits for proof, named or not", () => {
    expect(faults([ended("no_proof", "a")], {}, named)).to.deep.equal([
      "no_proof: a failed, without the addons passed",
    ]);
  });

  it("may differ by default when they are named and end as ever once their goods are proven", () => {
    const with_ = [ended("default", "a"), ended("proven", "a", "passed"), ended("default", "b")];
    expect(faults(with_, {}, named)).to.deep.equal([
      "default: b failed, without the addons passed",
    ]);
  });

  it("must not fail by default in another way than named", () => {
    const other = { ...ended("default", "a"), text: "AccessError: no" };
    expect(faults([other, ended("proven", "a", "passed")], {}, named)).to.deep.equal([
      "default: a failed, without the addons passed",
    ]);
  });

  it("have a twin when they are named or failed by default, so that it is known what to do with them", () => {
    const with_ = [
      ended("default", "a", "passed"),
      ended("default", "b"),
      ended("default", "c", "passed"),
    ];
    expect(twins(with_, named, "proven")).to.deep.equal(["a", "b"]);
    const other = { a: { ...named.a, twin: "together" as const } };
    expect(twins(with_, other, "proven")).to.deep.equal(["b"]);
    expect(twins(with_, other, "together")).to.deep.equal(["a"]);
  });

  it("must not differ once proven, nor be named without a twin", () => {
    expect(faults([ended("default", "a"), ended("proven", "a")], {}, named)).to.deep.equal([
      "proven: a failed, without the addons passed",
    ]);
    expect(faults([ended("default", "a")], {}, named)).to.deep.equal([
      "a is named and has no twin",
    ]);
  });

  it("must not be named without need", () => {
    const with_ = [ended("default", "a", "passed"), ended("proven", "a", "passed")];
    expect(faults(with_, {}, named)).to.deep.equal(["default: a is named and does not differ"]);
  });
});
