import { expect } from "chai";
import { serviceCircles } from "../../tools/check/structure/service_circles.ts";

const service = (name: string, calls: readonly string[], mixins = "") =>
  `class A(models.AbstractModel):\n    _name = "milepost.${name}"\n${mixins}` +
  calls.map((it) => `    self.env["milepost.${it}"]._do()\n`).join("");

describe("models without records", () => {
  it("may call each other one way", () => {
    expect(
      serviceCircles([service("a", ["b", "c"]), service("b", ["c"]), service("c", [])]),
    ).to.deep.equal([]);
  });

  it("are found out where they call in a circle, also by a mixin", () => {
    const mixin = service("b.part", ["a"]);
    const whole = service("b", [], '    _inherit = ["milepost.b.part"]\n');
    expect(serviceCircles([service("a", ["b"]), mixin, whole])).to.deep.equal([
      "services call each other in a circle: milepost.a → milepost.b → milepost.a",
    ]);
  });

  it("of the addons call in no circle", () => {
    expect(serviceCircles()).to.deep.equal([]);
  });
});
