import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  it("differ by no more than the largest file", () => {
    const folder = mkdtempSync(join(tmpdir(), "halves-"));
    const sizes = [9, 7, 7, 5, 4, 3, 3, 2, 1];
    mkdirSync(join(folder, "one/tests"), { recursive: true });
    sizes.forEach((size, at) => {
      const tests = Array.from({ length: size }, (_, n) => `    def test_${n}(self):\n`).join("");
      writeFileSync(join(folder, `one/tests/test_${at}.py`), `class Test${at}:\n${tests}`);
    });
    const [first] = halves(["one"], folder);
    const named = first.split(",").map((tag) => sizes[Number(tag.replace("/one:Test", ""))]!);
    const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0);
    expect(Math.abs(sum(sizes) - 2 * sum(named))).to.be.at.most(Math.max(...sizes));
    rmSync(folder, { recursive: true });
  });
});
