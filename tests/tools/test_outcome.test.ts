import { expect } from "chai";
import { outcomeOf } from "../../tools/odoo/test_outcome.ts";

describe("what Odoo's test runner printed", () => {
  it("gives the count and the failed tests, each once", () => {
    const output = `
      ERROR t odoo.addons.sale.tests.test_a: FAIL: TestSale.test_total
      ERROR t odoo.addons.sale.tests.test_a: ERROR: Subtest TestSale.test_tax (line='1')
      ERROR t odoo.addons.sale.tests.test_a: ERROR: Subtest TestSale.test_tax (line='2')
      ERROR t odoo.tests.result: 1 failed, 2 error(s) of 240 tests when loading database 't'`;
    expect(outcomeOf(output)).to.deep.equal({
      count: 240,
      failures: ["TestSale.test_total", "TestSale.test_tax"],
    });
  });

  it("is red when a class failed before its tests", () => {
    const output = "ERROR: setUpClass (odoo.addons.sale.tests)\n0 failed, 1 error(s) of 3 tests";
    expect(outcomeOf(output).failures).to.have.length(1);
  });

  it("takes a run without tests for a fault, although Odoo ends with 0", () => {
    expect(() => outcomeOf("0 failed, 0 error(s) of 0 tests")).to.throw("ran no tests");
  });
});
