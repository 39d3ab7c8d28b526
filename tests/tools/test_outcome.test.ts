import { expect } from "chai";
import { outcomeOf, tagsOf } from "../../tools/odoo/test_outcome.ts";

describe("what Odoo's test runner is asked for", () => {
  const addons = ["milepost", "milepost_billing"];

  it("is every test of the addons, or those of a tag", () => {
    expect(tagsOf(addons, "")).to.equal("/milepost,/milepost_billing");
    expect(tagsOf(addons, "finance")).to.equal("finance/milepost,finance/milepost_billing");
    expect(tagsOf(["milepost"], "finance,flows")).to.equal("finance/milepost,flows/milepost");
  });

  it("is a class or a test, in whichever addon that is", () => {
    expect(tagsOf(addons, ":TestOutbox.test_claim")).to.equal(
      "/milepost:TestOutbox.test_claim,/milepost_billing:TestOutbox.test_claim",
    );
    expect(tagsOf(["milepost"], "flows:TestOutbox")).to.equal("flows/milepost:TestOutbox");
  });
});

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
