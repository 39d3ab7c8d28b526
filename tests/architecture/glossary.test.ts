import { expect } from "chai";
import { readFileSync } from "node:fs";
import {
  forbiddenIn,
  forbiddenInPages,
  forbiddenWords,
  choicesOf,
  mixedIn,
  mixedTranslations,
  synonymsOf,
  usedIn,
} from "../../tools/check/glossary.ts";

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

  it("is kept by every document, names of code aside", () => {
    expect(forbiddenInPages()).to.deep.equal([]);
    const page =
      "# Bills\n\nThe `carrier_invoice` and ```carrier invoice\n``` of\na carrier invoice.\n";
    expect(forbiddenIn("a.md", page, synonyms)).to.deep.equal([
      "a.md:5: say “carrier bill”, not “carrier invoice”",
    ]);
  });

  it("is kept by the translations where a language has two words for one", () => {
    const choices = choicesOf(readFileSync("docs/glossary.md", "utf8"));
    expect(mixedTranslations()).to.deep.equal([]);
    const entry = (text: string, translation: string) =>
      mixedIn("i18n/de.po", `msgid "${text}"\nmsgstr "${translation}"\n`, choices);
    expect(entry("Transport is ordered", "Transport ist bestellt")).to.deep.equal([
      "i18n/de.po: “Transport ist bestellt”: say “beauftragen”, not “bestell…”",
    ]);
    expect(entry("Transport is ordered", "Transport ist beauftragt")).to.deep.equal([]);
    expect(entry("Ordered quantity", "Bestellte Menge")).to.deep.equal([]);
  });
});
