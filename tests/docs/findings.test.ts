/** Every code that a source may give a finding stands in docs/errors.md, with what to do about it. */
import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../../", import.meta.url).pathname;
const CATALOGUE = readFileSync(join(ROOT, "docs/errors.md"), "utf8");

const CODE = "[a-z]+_[a-z_0-9]+|truncated|prepaid|unterminated";
/** How sources write one: after its severity, as the first word of what warns, one of two. */
const WAYS = [
  `(?:"error"|"warning"|severity),\\s*(?:[^"?;]+\\?\\s*)?"(${CODE})"`,
  `\\b(?:warn|trouble|fault|problem)\\w*\\(\\s*(?:\\w+,\\s*)?"(${CODE})"`,
  `(?:"error"|"warning"|severity),[^;"]*\\?\\s*"[a-z_]+"\\s*:\\s*"(${CODE})"`,
  `[[]"(${CODE})", \``,
  `code: "(${CODE})",\\s*(?:text|part|path|offset)\\b`,
].map((way) => new RegExp(way, "g"));

interface Golden {
  reading?: { findings?: Array<{ code: string }> };
}

describe("the catalogue of findings", () => {
  it("explains every code that a source writes down", () => {
    const codes = new Set<string>();
    for (const file of globSync("bridge/sources/**/*.ts", { cwd: ROOT })) {
      const text = readFileSync(join(ROOT, file), "utf8");
      for (const way of WAYS) for (const [, code] of text.matchAll(way)) codes.add(code!);
    }
    expect(codes.size).to.be.greaterThan(120);
    expect(unexplained(codes)).to.deep.equal([]);
  });

  it("explains every code that a sample of a partner led to", () => {
    const codes = new Set<string>();
    for (const file of globSync("tests/fixtures/*/**/golden/*.json", { cwd: ROOT })) {
      const { reading } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Golden;
      for (const { code } of reading?.findings ?? []) codes.add(code);
    }
    expect(codes.size).to.be.greaterThan(20);
    expect(unexplained(codes)).to.deep.equal([]);
  });
});

function unexplained(codes: ReadonlySet<string>): string[] {
  return [...codes].filter((code) => !CATALOGUE.includes(`\`${code}\``)).sort();
}
