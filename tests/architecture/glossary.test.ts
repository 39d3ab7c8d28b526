import { expect } from "chai";
import { readFileSync } from "node:fs";
import { forbiddenWords, synonymsOf, usedIn } from "../../tools/check/glossary.ts";

describe("the glossary", () => {
  const synonyms = synonymsOf(readFileSync("docs/glossary.md", "utf8"));

  it("names a term for each word that is not to be used", () => {
    expect(synonyms.get("carrier invoice")).to.equal("carrier bill");
    expect(synonyms.size).to.be.greaterThan(20);
  });

  it("notices a forbidden word in any case and number, and no part of another word", () => {
    expect(usedIn("Carrier Invoices", synonyms)).to.deep.equal([
      "“carrier bill”, not “carrier invoice”",
    ]);
    expect(usedIn("Blocked amount", synonyms)).to.deep.equal([]);
    expect(usedIn("Carrier Bills", synonyms)).to.deep.equal([]);
  });

  it("is kept by every text of the screens", () => {
    expect(forbiddenWords()).to.deep.equal([]);
  });
});
