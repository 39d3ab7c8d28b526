/** The structure as rules: they hold for the tree, and they notice who breaks them. */
import { expect } from "chai";
import { brokenHops, brokenPathsIn } from "../../tools/check/structure/architecture_doc.ts";
import { moduleOf, readModules } from "../../tools/check/structure/modules.ts";
import { impureImports, impureRules } from "../../tools/check/structure/python_rules.ts";
import { brokenRules } from "../../tools/check/structure/rules.ts";
import { longFile, longFunctions, oversized } from "../../tools/check/structure/sizes.ts";
import { sharedTables } from "../../tools/check/structure/tables.ts";
import { findUnused } from "../../tools/check/structure/unused.ts";

const modules = readModules();
const before = new Set([...brokenRules(modules), ...sharedTables(modules)]);

/** What the rules say of one file more than there is. */
function saidOf(file: string, text: string): string[] {
  const more = [...modules, moduleOf(file, text)];
  return [...brokenRules(more), ...sharedTables(more)].filter((it) => !before.has(it));
}

const imports = (path: string) => `import { x } from "${path}";\n`;

describe("the structure", () => {
  it("finds the files that it judges", () => {
    expect(modules.flatMap((it) => it.imports).length).to.be.greaterThan(1000);
  });

  it("follows the flow, keeps sources apart, and names what is concrete in one place", () => {
    expect(brokenRules(modules)).to.deep.equal([]);
  });

  it("has one owner of each table", () => {
    expect(sharedTables(modules)).to.deep.equal([]);
  });

  it("has no code that only tests use", () => {
    expect(findUnused(modules)).to.deep.equal([]);
  });

  it("notices a step that imports a later one, root files and partners among them", () => {
    for (const [file, path] of [
      ["bridge/store/x.ts", "../queue/lane.ts"],
      ["bridge/errors_of.ts", "./errors.ts"],
      ["bridge/pause_board.ts", "./main.ts"],
      ["bridge/partners/x.ts", "../commands/partner.ts"],
    ] as const) {
      expect(saidOf(file, imports(path)), file).to.have.length(1);
    }
  });

  it("notices a type that comes from where a value must not", () => {
    const text = 'import type { Store } from "../../store/store.ts";\n';
    expect(saidOf("bridge/sources/x12/x.ts", text)).to.deep.equal([
      "an import that goes back: bridge/sources/x12/x.ts → bridge/store/store.ts",
    ]);
  });

  it("notices a source in a source, in a library of the sources, and in the middle of the bridge", () => {
    const text = imports("../../bridge/sources/dcsa/codes.ts").replace("../../bridge/", "");
    expect(saidOf("bridge/sources/x12/x.ts", imports("../dcsa/codes.ts"))).to.have.length(1);
    expect(saidOf("bridge/sources/shared/x.ts", imports("../dcsa/codes.ts"))).to.have.length(2);
    expect(saidOf("bridge/intake/x.ts", text.replace("sources", "../sources"))).to.have.length(1);
  });

  it("notices a second owner of a table", () => {
    const sql = 'sql.prepare("DELETE FROM fact WHERE seq = ?");';
    expect(saidOf("bridge/store/sqlite/pauses.ts", sql)).to.deep.equal([
      "table fact is written by facts and pauses.ts",
    ]);
  });

  it("notices an export that nobody takes, and not one that its test looks into", () => {
    const said = (text: string, test = "") =>
      findUnused([
        ...modules,
        moduleOf("tools/x/main.ts", text),
        moduleOf("tests/x.test.ts", test),
      ]);
    expect(said("export const lonely = 1;\n")).to.deep.equal(["tools/x/main.ts: lonely"]);
    const own = "export const inner = 1;\nconsole.log(inner);\n";
    expect(said(own)).to.deep.equal(["tools/x/main.ts: inner"]);
    expect(said(own, 'import { inner } from "../tools/x/main.ts";\n')).to.deep.equal([]);
  });

  it("keeps the addons' rules free of Odoo, and notices one that is not", () => {
    expect(impureRules()).to.deep.equal([]);
    const folder = "odoo_addon/milepost_billing/billing";
    const said = (text: string) => impureImports(`${folder}/x.py`, folder, text);
    expect(said("from odoo import fields\n")).to.have.length(1);
    expect(said("from ..models import milepost_hold\n")).to.have.length(1);
    expect(said("from ..codes import REASONS\nfrom .money import ZERO\n")).to.deep.equal([]);
  });

  it("keeps files and functions short, or hears why they are not", () => {
    expect(oversized()).to.deep.equal([]);
    const lines = (count: number) => "x = 1\n".repeat(count);
    expect(longFile("a.py", lines(300))).to.deep.equal([]);
    expect(longFile("a.py", lines(301))).to.have.length(1);
    expect(longFile("a.py", `# Over 300 lines: one table.\n${lines(301)}`)).to.deep.equal([]);
    const method = (count: number) =>
      `class A:\n    def run(\n        self,\n    ):\n${"        x = 1\n".repeat(count)}\n    y = 2\n`;
    expect(longFunctions("a.py", method(57))).to.deep.equal([]);
    expect(longFunctions("a.py", method(58))).to.deep.equal(["a.py:2 run has 61 lines"]);
  });

  it("finds every file and function that docs/ARCHITECTURE.md names, and notices one that is gone", () => {
    expect(brokenHops()).to.deep.equal([]);
    const row = (path: string, name: string) => `| a step | \`${path}\` | \`${name}\` |`;
    expect(brokenHops(row("bridge/gone.ts", "x"))).to.have.length(2);
    expect(brokenHops(row("bridge/main.ts", "startNothing"))).to.deep.equal([
      "docs/ARCHITECTURE.md: startNothing is not in bridge/main.ts",
    ]);
    expect(brokenHops(row("bridge/main.ts", "startBridge"))).to.deep.equal([]);
  });

  it("finds every file of ours that a page for users names, codes of partners aside", () => {
    expect(brokenPathsIn("docs/sources/x12.md", ["990/D", "application/edi-x12"])).to.deep.equal(
      [],
    );
    expect(brokenPathsIn("docs/sources/x12.md", ["bridge/sources/gone.ts"])).to.deep.equal([
      "docs/sources/x12.md: bridge/sources/gone.ts does not exist",
    ]);
  });
});
