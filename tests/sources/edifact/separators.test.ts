import { expect } from "chai";
import fc from "fast-check";
import { decode, segments } from "../../../bridge/sources/edifact/segments.ts";
import { codes, iftsta, read, said } from "./made.ts";

const EVENT = iftsta("STS+1+21", "DTM+334:202401101000:203");

/** The same message in other signs: component, element, release, terminator. */
function rewritten(text: string, [component, element, release, terminator]: string[]): string {
  const signs: Record<string, string | undefined> = {
    ":": component,
    "+": element,
    "'": terminator,
    "?": release,
  };
  const body = text.replace(/[:+'?]/g, (sign) => signs[sign] ?? sign);
  return `UNA${component}${element}.${release} ${terminator}${body}`;
}

describe("edifact: the service string advice", () => {
  it("names any signs, those of regular expressions and of level B too", () => {
    const known = read(EVENT).facts;
    const free = [..."!\"#$%&()*,-/:;<=>?@[]^_{|}~+'\\", "\u001c", "\u001d", "\u001e", "\u001f"];
    const four = fc.uniqueArray(fc.constantFrom(...free), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(four, (signs) => {
        const reading = read(rewritten(EVENT, signs));
        expect(reading.findings).to.deep.equal(read(EVENT).findings);
        expect(reading.facts).to.deep.equal(known);
      }),
      { examples: [[[">", "*", "?", "~"]], [["\u001f", "\u001d", "?", "\u001c"]]] },
    );
  });

  it("may make the line end the terminator", () => {
    const text = rewritten(EVENT, [":", "+", "?", "\n"]);
    expect(read(text).facts).to.deep.equal(read(EVENT).facts);
    expect(read(text.replaceAll("\n", "\r\n").replace("\r", "")).facts).to.have.length(1);
  });

  it("is not needed at level B, whose separators are control characters", () => {
    const body = rewritten(EVENT, ["\u001f", "\u001d", " ", "\u001c"]).slice(9);
    expect(read(body).facts).to.deep.equal(read(EVENT).facts);
  });

  it("stands before each interchange that it is for", () => {
    const second = EVENT.replaceAll("SHP1", "SHP2");
    const third = EVENT.replaceAll("SHP1", "SHP3");
    const other = rewritten(second, [";", "*", "!", "~"]);
    for (const text of [
      `${EVENT}\r\nUNA:+.? '${second}`,
      `${EVENT}${other}`,
      // Written as the one before, though nothing says so again; and back to the usual signs.
      `${other}\n${rewritten(EVENT, [";", "*", "!", "~"]).slice(9)}`,
      `${other}\n${EVENT}`,
    ]) {
      const lanes = read(text).facts.map((it) => it.lane);
      expect(lanes.toSorted(), text).to.deep.equal(["SHP1", "SHP2"]);
      expect(codes(read(text))).not.to.include("bad_segment");
    }
    expect(read(`${EVENT}${other}${third}`).facts.map((it) => it.lane)).to.deep.equal([
      "SHP1",
      "SHP2",
      "SHP3",
    ]);
  });

  it("that gives one sign two meanings is told, and the usual signs are taken", () => {
    const reading = read(`${EVENT}UNA++.? '${EVENT}`);
    expect(said(reading)).to.include("error bad_segment UNA9");
    expect(reading.facts).to.have.length(2);
  });

  it("leaves wrapped lines, nesting counters and released signs readable", () => {
    const wrapped = "BGM+23+DO\r\nC1+9'GID:1+1+10:CT'FTX+AAI+++a?'b?:c??d?+'";
    const list = [...segments(decode(Buffer.from(wrapped)))];
    expect(list.map((it) => [it.tag, it.fault, it.elements])).to.deep.equal([
      ["BGM", undefined, [["23"], ["DOC1"], ["9"]]],
      ["GID", undefined, [["1"], ["10", "CT"]]],
      ["FTX", undefined, [["AAI"], [""], [""], ["a'b:c?d+"]]],
    ]);
  });
});
