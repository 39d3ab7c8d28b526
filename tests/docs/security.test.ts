import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const rows = readFileSync(join(root, "docs/security.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| (?!threat|---)/.test(line))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

describe("the list of threats", () => {
  it("has a control and a test for each", () => {
    expect(rows.length).to.be.greaterThan(20);
    for (const cells of rows) {
      expect(cells, cells[0]).to.have.length(3);
      for (const cell of cells) expect(cell, cells[0]).not.to.equal("");
    }
  });

  it("names tests that there are", () => {
    for (const [threat, , tests = ""] of rows) {
      let text = "";
      for (const part of tests.split(" · ")) {
        const [, file, named] = /^`([^`]+)`: (.+)$/.exec(part) ?? [];
        if (file !== undefined) text = readFileSync(join(root, file), "utf8");
        const title = named ?? part;
        const isThere = text.includes(`"${title}"`) || text.includes(`def ${title}(`);
        expect(isThere, `${threat ?? ""}: ${part}`).to.equal(true);
      }
    }
  });
});
