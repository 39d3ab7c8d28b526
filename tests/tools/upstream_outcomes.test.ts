import { expect } from "chai";
import {
  differences,
  endedOf,
  faults,
  type Ended,
  type Mode,
} from "../../tools/odoo/upstream/outcomes.ts";

const ended = (mode: Mode, test: string, outcome: Ended["outcome"] = "failed"): Ended => ({
  mode,
  test,
  outcome,
});

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

  it("must not differ where nothing waits for proof, named or not", () => {
    expect(faults([ended("no_proof", "a")], {}, { a: "billed before proof" })).to.deep.equal([
      "no_proof: a failed, without the addons passed",
    ]);
  });

  it("may differ by default when they are named", () => {
    const with_ = [ended("default", "a"), ended("default", "b")];
    expect(faults(with_, {}, { a: "billed before proof" })).to.deep.equal([
      "default: b failed, without the addons passed",
    ]);
  });

  it("must not be named without need", () => {
    expect(faults([ended("default", "a", "passed")], {}, { a: "billed" })).to.deep.equal([
      "default: a is named and does not differ",
    ]);
  });
});
