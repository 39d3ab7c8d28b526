import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { partner, ROOT } from "../sources/mapped/mapped_kit.ts";

const DOCUMENT = readFileSync(join(ROOT, "docs/partner_mapping.md"), "utf8");

describe("the page about a partner's file", () => {
  it("shows only what a file may say", () => {
    const shown = [...DOCUMENT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => text);
    expect(shown.length).to.be.greaterThan(7);
    for (const text of shown) {
      const members = parse(text) as Record<string, unknown>;
      expect(() => partner(members), text).not.to.throw();
    }
  });

  it("names every way to page", () => {
    for (const by of ["page", "offset", "link", "cursor"]) {
      expect(DOCUMENT).to.include(`by: ${by},`);
    }
  });
});
