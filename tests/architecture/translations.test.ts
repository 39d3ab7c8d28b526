import { expect } from "chai";
import { unexportedIn, faultsOf } from "../../tools/check/translations.ts";

const HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n';

describe("the translations", () => {
  const catalog = (text: string, translation: string) =>
    `${HEAD}\nmsgid "${text}"\nmsgstr "${translation}"\n`;

  it("are complete, or each open one is named", () => {
    expect(faultsOf("de.po", ["Hold"], catalog("Hold", "Sperre"))).to.deep.equal([]);
    expect(faultsOf("de.po", ["Hold"], catalog("Hold", ""))).to.deep.equal([
      "de.po: “Hold” is not translated",
    ]);
    expect(faultsOf("de.po", ["Hold", "Stop"], catalog("Hold", "Sperre"))).to.have.length(1);
  });

  it("keep their head, also when there is nothing to translate", () => {
    expect(faultsOf("de.po", [], HEAD)).to.deep.equal([]);
    expect(faultsOf("de.po", [], 'msgid ""\nmsgstr "Language: de\\n"\n')).to.deep.equal([
      "de.po has lost its head (npm run i18n)",
    ]);
  });

  it("keep their placeholders, in any order", () => {
    const text = "%(a)s of %(b)s";
    expect(faultsOf("de.po", [text], catalog(text, "von %(b)s %(a)s"))).to.deep.equal([]);
    expect(faultsOf("de.po", [text], catalog(text, "%(a)s"))).to.have.length(1);
  });

  it("are not passed by words that nothing exports", () => {
    const found = (attribute: string) => unexportedIn("line.xml", `<b ${attribute}/>`);
    expect(found(`t-att-title="line.why_not or 'Release (R)'"`)).to.have.length(1);
    expect(found(`t-out="is_late ? 'too late' : ''"`)).to.have.length(1);
    expect(found(`t-att-title="title" t-out="answer['billing_state'] or '–'"`)).to.deep.equal([]);
    expect(found(`data-label="Waiting now:"`)).to.have.length(1);
    expect(found(`tooltip="The plan replaced this stop."`)).to.have.length(1);
    expect(found(`title="Not in Plan" name="Milepost" t-if="Name"`)).to.deep.equal([]);
    expect(found(`t-if="kind == 'Late'" t-value="'/my/shipments'"`)).to.deep.equal([]);
  });
});
