import { expect } from "chai";
import { readFileSync } from "node:fs";

const ROW = /^\| T(\d+) \|.*\| `(\w+\.py)` `(test_t(\d+)_\w+)` \|$/gm;
const TESTS = "odoo_addon/milepost_billing/tests/";

describe("the page of finance rules", () => {
  const rows = [...readFileSync("docs/finance_rules.md", "utf8").matchAll(ROW)];

  it("has every case from T1 to T46 once, in order", () => {
    const numbers = rows.map(([, number]) => Number(number));
    expect(numbers).to.deep.equal(Array.from({ length: 46 }, (_, index) => index + 1));
  });

  it("names for each case the test that shows it", () => {
    for (const [, number, file = "", test = "", own] of rows) {
      expect(own, test).to.equal(number);
      expect(readFileSync(TESTS + file, "utf8"), file).to.include(`def ${test}(self`);
    }
  });
});
