import { expect } from "chai";
import { failuresOf } from "../../tools/test/failures.ts";

describe("The failures that the test command tells at its end", () => {
  it("are those that mocha lists", () => {
    const output =
      "  a\n    ✔ b\n  1 passing (2s)\n  1 failing\n\n  1) a\n       c:\n     Error: no\n";
    expect(failuresOf(output)).to.equal("  1 failing\n\n  1) a\n       c:\n     Error: no");
  });

  it("are those that Odoo's test runner names, with the head of each traceback", () => {
    const output = [
      "[ 1.0 s] TestA.test_fine ...",
      "2026-11-30 12:27:08,214 1 ERROR db odoo.addons.a: FAIL: TestA.test_b",
      "Traceback (most recent call last):",
      "AssertionError: 1 != 2",
    ].join("\n");
    expect(failuresOf(output)).to.match(/^2026.*FAIL: TestA\.test_b\nTraceback[^]*1 != 2$/);
  });

  it("are none where all passed", () => {
    expect(failuresOf("  12 passing (3s)\n")).to.equal("");
  });
});
