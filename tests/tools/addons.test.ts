import { expect } from "chai";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { addonNames, manifestOf, usualAddons, withNeeded } from "../../tools/addons.ts";
import { checkAddons } from "../../tools/check/addon.ts";

const MANIFEST = (depends: string[], version = "19.0.1.0.0") => `# A comment
{
    "name": "Any",
    "version": "${version}",
    "depends": ${JSON.stringify(depends)},
    "data": ["security/ir.model.access.csv"],
    "application": True,
}
`;
const ACCESS = "id,name,model_id:id\naccess_one,one,model_milepost_one,base.group_user,1,0,0,0\n";

describe("the addons of a checkout", () => {
  let folder: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const add = (name: string, depends: string[]) => {
    write(`${name}/__manifest__.py`, MANIFEST(depends));
    for (const fragment of ["DESCRIPTION", "USAGE", "CONTRIBUTORS"]) {
      write(`${name}/readme/${fragment}.md`, "What it is for.\n");
    }
    write(`${name}/security/ir.model.access.csv`, ACCESS);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "addons-"));
    add("milepost", ["stock"]);
    add("milepost_billing", ["milepost", "account"]);
    add("milepost_audit", ["milepost_billing"]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are its folders with a manifest, each after those that it needs", () => {
    write("notes/README.md", "No addon.\n");
    expect(addonNames(folder)).to.deep.equal(["milepost", "milepost_billing", "milepost_audit"]);
    expect(withNeeded("milepost_audit", folder)).to.deep.equal(addonNames(folder));
    expect(withNeeded("milepost", folder)).to.deep.equal(["milepost"]);
  });

  it("are in every database but for those that would make it slow", () => {
    expect(addonNames().filter((name) => !usualAddons().includes(name))).to.deep.equal([
      "test_milepost_website",
    ]);
  });

  it("refuse a manifest that must be run to be read, by its name", () => {
    write("milepost/__manifest__.py", '{"name": "a" + "b"}\n');
    expect(() => manifestOf("milepost", folder)).to.throw("milepost/__manifest__.py must be");
  });

  it("are in order when each has a version, its words, its files and its rights", () => {
    expect(checkAddons(folder)).to.deep.equal([]);
  });

  it("are found out where one lacks them", () => {
    write("milepost/__manifest__.py", MANIFEST(["stock"], "1.0"));
    rmSync(join(folder, "milepost/readme"), { recursive: true });
    write("milepost/views/lost_views.xml", "<odoo />\n");
    write("milepost/models/two.py", 'class Two(models.Model):\n    _name = "milepost.two"\n');
    expect(checkAddons(folder)).to.deep.equal([
      'milepost/__manifest__.py: version "1.0" is no 19.0.x.y.z',
      "milepost: readme/DESCRIPTION.md is not there",
      "milepost: readme/USAGE.md is not there",
      "milepost: readme/CONTRIBUTORS.md is not there",
      "milepost/views/lost_views.xml: not in the manifest, so Odoo never reads it",
      "milepost/models/two.py: milepost.two has no line in security/ir.model.access.csv",
    ]);
  });

  it("have no class of tests of which Odoo runs none", () => {
    const classes = (more: string) =>
      `class TestOne(Case):\n    def test_it(self):\n        pass\n\n\nclass TestTwo(TestOne):\n${more}    rows = 500\n`;
    write("milepost/tests/test_one.py", classes(""));
    expect(checkAddons(folder)).to.deep.equal([
      "milepost/tests/test_one.py: TestTwo has no test of its own: Odoo would run none of its parent's",
    ]);
    write("milepost/tests/test_one.py", classes("    allow_inherited_tests_method = True\n"));
    expect(checkAddons(folder)).to.deep.equal([]);
  });

  it("say nothing that Odoo would warn of at each installation", () => {
    const found = (view: string) => {
      write("milepost/views/view.xml", view);
      return checkAddons(folder).filter((it) => it.includes("warns"));
    };
    expect(found('<a role="button" class="btn btn-link">x</a>')).to.deep.equal([]);
    expect(found('<template id="page"><a class="btn">x</a></template>')).to.deep.equal([]);
    expect(found('<a\n  href="#"\n  class="btn btn-link"\n>x</a>')).to.have.length(1);
  });

  it("load each field that a card reads", () => {
    const found = (fields: string) => {
      const card = `<kanban>${fields}<t t-name="card"><i t-if="record.late.raw_value"/></t></kanban>`;
      write("milepost/views/view.xml", card);
      return checkAddons(folder).filter((it) => it.includes("a card reads"));
    };
    expect(found('<field name="late" />')).to.deep.equal([]);
    expect(found('<field name="name" />')).to.have.length(1);
  });

  it("know what they depend on and nothing else", () => {
    write(
      "milepost_billing/models/one.py",
      'class One(models.AbstractModel):\n    _name = "milepost.one"\n',
    );
    write("milepost_audit/models/use.py", 'self.env["milepost.one"]\n');
    expect(checkAddons(folder), "what depends on it may use it").to.deep.equal([]);
    cpSync(join(folder, "milepost_audit/models"), join(folder, "milepost/models"), {
      recursive: true,
    });
    write("milepost/views/view.xml", '<field ref="milepost_billing.group_one" />\n');
    write("milepost/migrations/19.0.2.0.0/pre-split.py", 'move("milepost_billing")\n');
    const found = checkAddons(folder).filter((it) => it.includes("depend"));
    expect(found).to.deep.equal([
      "milepost/views/view.xml: names milepost_billing, on which milepost does not depend",
      "milepost/models/use.py: names milepost.one of milepost_billing, on which milepost does not depend",
    ]);
  });
});
