import { expect } from "chai";
import { repeatedOverrides } from "../../tools/check/structure/overrides.ts";

const file = (inherit: string, method: string) =>
  `class A(models.Model):\n    _inherit = ${inherit}\n\n    def ${method}(self, vals):\n        pass\n`;

describe("methods of a model in one addon", () => {
  it("are a finding when two files define the same", () => {
    const texts = new Map([
      ["odoo_addon/a/models/x.py", file('"sale.order"', "write")],
      ["odoo_addon/a/models/y.py", file('["sale.order", "mixin"]', "write")],
    ]);
    expect(repeatedOverrides(texts)).to.deep.equal([
      "defined twice, a: sale.order.write: odoo_addon/a/models/x.py, odoo_addon/a/models/y.py",
    ]);
  });

  it("are none of another model, method or addon", () => {
    const texts = new Map([
      ["odoo_addon/a/models/x.py", file('"sale.order"', "write")],
      ["odoo_addon/a/models/y.py", file('"sale.order.line"', "write")],
      ["odoo_addon/a/models/z.py", file('"sale.order"', "create")],
      ["odoo_addon/b/models/x.py", file('"sale.order"', "write")],
    ]);
    expect(repeatedOverrides(texts)).to.deep.equal([]);
  });

  it("are defined once in this house", () => {
    expect(repeatedOverrides()).to.deep.equal([]);
  });
});
