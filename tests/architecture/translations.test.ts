import { expect } from "chai";
import { faultsOf } from "../../tools/check/translations.ts";

describe("the translations", () => {
  const catalog = (text: string, translation: string) =>
    `msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "${text}"\nmsgstr "${translation}"\n`;

  it("are complete, or each open one is named", () => {
    expect(faultsOf("de.po", ["Hold"], catalog("Hold", "Sperre"))).to.deep.equal([]);
    expect(faultsOf("de.po", ["Hold"], catalog("Hold", ""))).to.deep.equal([
      "de.po: “Hold” is not translated",
    ]);
    expect(faultsOf("de.po", ["Hold", "Stop"], catalog("Hold", "Sperre"))).to.have.length(1);
  });

  it("keep their placeholders, in any order", () => {
    const text = "%(a)s of %(b)s";
    expect(faultsOf("de.po", [text], catalog(text, "von %(b)s %(a)s"))).to.deep.equal([]);
    expect(faultsOf("de.po", [text], catalog(text, "%(a)s"))).to.have.length(1);
  });
});
