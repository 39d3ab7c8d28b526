import { expect } from "chai";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

describe("the pages", () => {
  it("link only to files and sections that exist", () => {
    const broken: string[] = [];
    for (const page of ["README.md", ...globSync("docs/**/*.md", { cwd: ROOT })]) {
      const text = readFileSync(join(ROOT, page), "utf8").replace(/```.*?```/gs, "");
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [file = "", section] = target.split("#");
        const path = file === "" ? join(ROOT, page) : join(ROOT, dirname(page), file);
        if (!existsSync(path)) broken.push(`${page}: ${target}`);
        else if (section !== undefined && !sectionsOf(path).includes(section))
          broken.push(`${page}: ${target}`);
      }
    }
    expect(broken).to.deep.equal([]);
  });
});

/** As a forge names headings: lower case, no punctuation, spaces as hyphens. */
function sectionsOf(page: string): string[] {
  return [...readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replace(/\s/g, "-"),
  );
}
