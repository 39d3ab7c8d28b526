import { expect } from "chai";
import { findStranded, listed } from "../../tools/check/doors/doors.ts";
import { modelParts } from "../../tools/check/doors/python_models.ts";
import { callsOfClient, callsOfXml } from "../../tools/check/doors/screens.ts";

const PYTHON = `
class Paper(models.Model):
    _name = "milepost.paper"
    _inherit = ["mail.thread", "milepost.kept"]

    line_ids = fields.One2many("milepost.paper.line", "paper_id")

    def action_keep(self):
        self._keep()

    def _keep(self):
        self.env["milepost.paper.line"].sort()

    def write(self, vals):
        raise AccessError("no")

    def action_confirm(self):
        return super().action_confirm()

    @api.private
    def burn(self):
        return file.tell()


class Line(models.Model):
    _name = "milepost.paper.line"

    def sort(self):
        return self.line_up()

    def line_up(self):
        return True

    def tell(self):
        return True


class Kept(models.AbstractModel):
    _name = "milepost.kept"

    def show(self):
        return True
`;
const VIEW = (inner: string, model = "milepost.paper") => `<odoo>
  <record id="view" model="ir.ui.view">
    <field name="model">${model}</field>
    <field name="arch" type="xml"><form>${inner}</form></field>
  </record>
</odoo>`;
const BUTTON = (name: string) => `<button name="${name}" type="object" />`;

describe("a method that anybody may call", () => {
  const parts = modelParts("paper.py", PYTHON);
  const stranded = (xml: string, more = callsOfClient(""), page = "") =>
    findStranded(parts, [...callsOfXml(xml, parts), ...more], listed(page)).map(
      (it) => it.split(" has ")[0] ?? "",
    );
  const ALL = [
    "paper.py: milepost.paper.action_keep",
    "paper.py: milepost.paper.line.tell",
    "paper.py: milepost.kept.show",
  ];

  it("has a door where a method that Odoo itself calls leads to it; what is private needs none", () => {
    expect(stranded(VIEW(""))).to.deep.equal(ALL);
  });

  it("has one by a button of its model, and by none of another model's", () => {
    const buttons = ["action_keep", "show"].map(BUTTON).join("");
    expect(stranded(VIEW(buttons))).to.deep.equal([ALL[1]]);
    expect(stranded(VIEW(buttons, "milepost.paper.line"))).to.deep.equal(ALL);
  });

  it("has one by a button in the list of a form's lines", () => {
    const list = `<field name="line_ids"><list>${BUTTON("tell")}</list></field>`;
    expect(stranded(VIEW(list))).to.deep.equal([ALL[0], ALL[2]]);
  });

  it("has one by the code of an action, a template, or the web client", () => {
    const action = `<odoo><record id="a" model="ir.actions.server">
      <field name="code">action = model.action_keep()</field></record></odoo>`;
    const template = '<odoo><template id="t"><t t-out="doc.show()" /></template></odoo>';
    const client = callsOfClient('await this.orm.silent.call("milepost.paper.line", "tell", [id])');
    expect(stranded(action)).to.deep.equal([ALL[1], ALL[2]]);
    expect(stranded(template)).to.deep.equal([ALL[0], ALL[1]]);
    expect(stranded("<odoo />", client)).to.deep.equal([ALL[0], ALL[2]]);
  });

  it("has one in the list for programs, which names nothing that is gone or has a button", () => {
    const row = (model: string, name: string) => `| \`${model}\` | \`${name}\` | An archive. |\n`;
    const page = row("milepost.kept", "show") + row("milepost.paper.line", "tell");
    expect(stranded(VIEW(BUTTON("action_keep")), [], page)).to.deep.equal([]);
    const wrong = page + row("milepost.paper", "gone") + row("milepost.paper", "action_keep");
    expect(stranded(VIEW(BUTTON("action_keep")), [], wrong)).to.deep.equal([
      "docs/for_programs.md: milepost.paper.gone does not exist",
      "docs/for_programs.md: milepost.paper.action_keep",
    ]);
  });
});
