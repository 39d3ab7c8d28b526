import { expect } from "chai";
import fc from "fast-check";
import { LIMITS } from "../../../bridge/sources/x12/tokenizer/limits.ts";
import { element, type Segment } from "../../../bridge/sources/x12/tokenizer/segment.ts";
import { fixture, interchange } from "./samples.ts";
import { type Tokens, tokens } from "./tokens.ts";

const names = ({ segments }: Tokens) => segments.map(({ id }) => id).join(" ");
const MESSAGE = interchange("214", [["B10*P*S*C", "LX*1", "AT7*X1*NS***20260710*0800*LT"]]);
const NAMES = "ISA GS ST B10 LX AT7 SE GE IEA";

/** The sample with other separators, as some senders use them. */
function written(terminator: string, elementSeparator = "*"): string {
  return MESSAGE.replaceAll("*", elementSeparator).replaceAll("~\n", terminator);
}

describe("x12: tokenizer", () => {
  for (const terminator of ["~", "|", "!", ".", "\n", "\r\n", "~\r\n", "'", "\u001c"]) {
    it(`takes the terminator ${JSON.stringify(terminator)} from the ISA`, () => {
      const read = tokens(written(terminator));
      expect(names(read)).to.equal(NAMES);
      expect(read.segments.at(-1)?.elements).to.deep.equal(["IEA", "1", "000000042"]);
      expect(read.troubles).to.deep.equal([]);
    });
  }

  for (const separator of ["|", "\t", "\u001d", "^"]) {
    it(`takes the element separator ${JSON.stringify(separator)} from the ISA`, () => {
      expect(names(tokens(written("~", separator)))).to.equal(NAMES);
    });
  }

  it("reads an ISA that is not padded to its columns", () => {
    const read = tokens(
      "ISA*00* *00* *ZZ*A *ZZ*B *260711*1200*U*00401*1*0*P*:~GS*QM*A*B~ST*214*1~",
    );
    expect(names(read)).to.equal("ISA GS ST");
    expect(element(read.segments[0] as Segment, 6)).to.equal("A");
  });

  it("reads an ISA without component separator, with and without a line break behind it", () => {
    const head = "ISA*00**00**ZZ*A*ZZ*B*260711*1200*U*00401*1*0*P*";
    expect(names(tokens(`${head}~GS*QM*A*B~ST*214*1~`))).to.equal("ISA GS ST");
    expect(names(tokens(`${head}~\nGS*QM*A*B~\nST*214*1~\n`))).to.equal("ISA GS ST");
    expect(names(tokens(`${head}>\nGS*QM*A*B\nST*214*1\n`))).to.equal("ISA GS ST");
  });

  it("passes over a byte order mark and indents without a word", () => {
    const read = tokens(`\uFEFF  ${MESSAGE.replaceAll("\n", "\n    ")}`);
    expect(names(read)).to.equal(NAMES);
    expect(read.troubles).to.deep.equal([]);
  });

  it("passes over text before the ISA, also when the letters occur in it, and says so", () => {
    const read = tokens(`Subject: VISA *and* MISA\r\n\r\n${MESSAGE}`);
    expect(names(read)).to.equal(NAMES);
    expect(read.troubles.map(({ code }) => code)).to.deep.equal(["leading_text"]);
  });

  it("joins segments that were folded at a column", () => {
    const flat = MESSAGE.replaceAll("\n", "");
    const folded = flat.replace(/.{80}/g, "$&\r\n");
    expect(tokens(folded).segments.map(({ elements }) => elements)).to.deep.equal(
      tokens(flat).segments.map(({ elements }) => elements),
    );
  });

  it("reads several interchanges of one file, each with its own separators", () => {
    const read = tokens(written("~") + written("!", "|") + written("\n"));
    expect(names(read)).to.equal([NAMES, NAMES, NAMES].join(" "));
  });

  it("keeps the byte at which each segment starts", () => {
    const { segments } = tokens(`\uFEFF${MESSAGE}`);
    const bytes = Buffer.from(`\uFEFF${MESSAGE}`);
    for (const { id, offset } of segments) {
      expect(bytes.toString("latin1", offset, offset + id.length)).to.equal(id);
    }
  });

  it("reads UTF-8, and Windows-1252 where it is no UTF-8", () => {
    const [head, tail] = ["N1*ST*", "~"];
    const umlaut = (bytes: Buffer) => {
      const text = Buffer.concat([Buffer.from(written("~") + head), bytes, Buffer.from(tail)]);
      return element(tokens(text).segments.at(-1) as Segment, 2);
    };
    expect(umlaut(Buffer.from("Münster"))).to.equal("Münster");
    expect(umlaut(Buffer.from("M\u00fcnster \u0086", "latin1"))).to.equal("Münster †");
  });

  it("ends without a terminator on the last segment", () => {
    const cut = written("~").slice(0, -1);
    expect(names(tokens(cut))).to.equal(NAMES);
    expect(tokens(cut).troubles).to.deep.equal([]);
    const torn = written("~").slice(0, -30);
    expect(tokens(torn).troubles.map(({ code }) => code)).to.deep.equal(["unterminated"]);
  });

  it("says that a file is no X12", () => {
    for (const body of [
      "",
      "hello",
      "UNB+UNOA:1+A+B'",
      "ISA",
      MESSAGE.slice(0, 50),
      "x".repeat(1e6),
    ]) {
      expect(tokens(body).segments).to.deep.equal([]);
      expect(tokens(body).troubles.map(({ code }) => code)).to.include("not_x12");
    }
  });

  it("reads the same whatever the size of the chunks", () => {
    const whole = fixture("canadapost_214_batch.txt");
    const expected = tokens(whole);
    for (const size of [1, 2, 7, 105, 106, 107, 1000]) {
      expect(tokens(whole, size)).to.deep.equal(expected);
    }
  });

  it("skips a segment beyond the limit, says where, and reads the next", () => {
    const limits = { ...LIMITS, segmentBytes: 200 };
    const long = written("~").replace("B10*", `K1*${"x".repeat(300)}~B10*`);
    for (const size of [Infinity, 1, 50]) {
      const read = tokens(long, size, limits);
      expect(names(read)).to.equal(NAMES);
      expect(read.troubles.map(({ code, offset }) => [code, offset])).to.deep.equal([
        ["segment_too_long", long.indexOf("K1*")],
      ]);
    }
  });

  it("cuts a segment with too many elements and says so", () => {
    const read = tokens(written("~") + `K1${"*x".repeat(5000)}~`);
    expect(read.segments.at(-1)?.elements).to.have.length(LIMITS.elements);
    expect(read.troubles.map(({ code }) => code)).to.deep.equal(["too_many_elements"]);
  });

  it("never fails, and gives the same for any bytes in any chunks", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({
        unit: fc.constantFrom("I", "S", "A", "*", "~", "\n", ">", "G", " "),
        maxLength: 300,
      }),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 50 }), (input, size) => {
        const body = Buffer.concat([Buffer.from(MESSAGE), Buffer.from(input as string)]);
        expect(tokens(body, size).segments).to.deep.equal(tokens(body).segments);
      }),
      { numRuns: 300 },
    );
  });
});
