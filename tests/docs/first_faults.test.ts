import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/first_faults.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| (?!fault|---)/.test(line));

describe("the page of the first faults", () => {
  it("names tests that there are, and how each failed", () => {
    const files = globSync(["tests/**/*.ts", "odoo_addon/*/tests/*.py"], { cwd: root });
    const texts = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
    expect(rows.length).to.be.greaterThan(25);
    for (const row of rows) {
      const [, tests = "", words = ""] = row.split(" | ");
      expect(words, row).to.have.length.greaterThan(10);
      for (const test of tests.split(" · ")) {
        if (test.startsWith("`")) continue; // a command
        const title = test.replace(/^[\w/]+: /, "");
        expect(texts.includes(title), title).to.equal(true);
      }
    }
  });
});
