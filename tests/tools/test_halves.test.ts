import { expect } from "chai";
import { addonNames } from "../../tools/addons.ts";
import { halves, isOneFile } from "../../tools/odoo/test_halves.ts";

describe("the halves of the addons' tests", () => {
  it("leave out of the second exactly what the first names", () => {
    const [first, second] = halves(addonNames());
    const named = first.split(",");
    expect(new Set(named).size).to.equal(named.length);
    expect(second.split(",").filter((tag) => tag.startsWith("-"))).to.deep.equal(
      named.map((tag) => `-${tag}`),
    );
  });

  it("take every addon in the second, so that a test that nobody knows of runs, too", () => {
    const [, second] = halves(addonNames());
    for (const name of addonNames()) expect(second.split(",")).to.include(`/${name}`);
  });

  it("are not made of an addon that has one test file", () => {
    expect(isOneFile(["test_milepost_website"])).to.equal(true);
    expect(isOneFile(addonNames())).to.equal(false);
  });

  it("share the test files about evenly", () => {
    const [first] = halves(addonNames());
    expect(first.split(",").length).to.be.greaterThan(30);
  });
});
