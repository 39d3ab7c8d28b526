import { expect } from "chai";
import { bracketed, outside } from "../pseudo/brackets.ts";
import { Judge } from "../pseudo/judge.ts";

describe("the pseudo language", () => {
  it("wraps what is read, and leaves placeholders and tags as they are", () => {
    expect(bracketed("%(count)s holds of %s, {name}")).to.equal("%(count)s ⟦holds of⟧ %s, {name}");
    expect(bracketed('<a href="/my" title="Open">See it</a>')).to.equal(
      '<a href="/my" title="⟦Open⟧">⟦See it⟧</a>',
    );
    expect(bracketed("100 %")).to.equal("100 %");
  });

  it("tells what stands outside of brackets", () => {
    expect(outside("⟦Proof of⟧ SHP/1 ⟦is missing⟧")).to.deep.equal(["SHP/1"]);
    expect(outside("⟦All⟧")).to.deep.equal([]);
  });

  it("calls naked what is ours, and neither data nor what Odoo says", () => {
    const judge = new Judge({
      ours: ["Proof Missing", "%(shipment)s has no proof yet", "Document"],
      odoo: new Set(["Save", "Document", "%s at %s"]),
      data: ["Officine Bellini", "Document"],
    });
    for (const text of ["Proof Missing", "SHP/1 has no proof yet", "Forgotten words"]) {
      expect(judge.naked(text), text).to.equal(text);
    }
    for (const text of [
      "⟦Proof Missing⟧",
      "Officine Bellini · 4 h",
      "Save",
      "INV/7 at 20",
      "Document",
      "保存 PDF",
      "Week 45",
      "8cca2244-efbf-406a-84d1-f0674f145cad",
    ]) {
      expect(judge.naked(text), text).to.equal(undefined);
    }
  });
});
