import { expect } from "chai";
import { findUnusedRules } from "../../tools/check/structure/rules_used.ts";

const FOLDER = "odoo_addon/one/billing";
const RULES = `from .money import ZERO

LIMIT = 3


def judge(amount):
    return _beyond(amount)


def _beyond(amount):
    return amount > LIMIT + ZERO


def forgotten():
    return judge(1)
`;

describe("a public name of a package of rules", () => {
  const unused = (more: Record<string, string>) =>
    findUnusedRules(new Map(Object.entries({ [`${FOLDER}/rules.py`]: RULES, ...more })), [
      FOLDER,
    ]).map((it) => it.split(" is used")[0]?.replace(`${FOLDER}/`, ""));
  const money = { [`${FOLDER}/money.py`]: "ZERO = 0\nHUNDRED = 100\n" };

  it("is used where a model calls it, by a module's name or its own, or where a used one does", () => {
    for (const use of [
      "from ..billing import rules\n\n\ndef x(self):\n    rules.judge(2)\n",
      "from odoo.addons.one.billing.rules import judge as j\n\n\ndef x(self):\n    j(2)\n",
    ]) {
      const found = unused({ ...money, "odoo_addon/one/models/paper.py": use });
      expect(found).to.deep.equal(["rules.py: forgotten", "money.py: HUNDRED"]);
    }
  });

  it("is none that only others like it use, and none that another object's method is called like", () => {
    const use = "from ..billing import other\n\n\ndef x(self):\n    self.judge(2)\n";
    expect(unused({ ...money, "odoo_addon/one/models/paper.py": use })).to.deep.equal([
      "rules.py: LIMIT",
      "rules.py: judge",
      "rules.py: forgotten",
      "money.py: ZERO",
      "money.py: HUNDRED",
    ]);
  });

  it("is used through the package that passes it on", () => {
    const found = unused({
      ...money,
      [`${FOLDER}/__init__.py`]: "from .rules import judge\n",
      "odoo_addon/one/models/paper.py": "from ..billing import judge\n\n\ndef x():\n    judge(2)\n",
    });
    expect(found).to.deep.equal(["rules.py: forgotten", "money.py: HUNDRED"]);
  });
});
