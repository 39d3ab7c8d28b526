import { expect } from "chai";
import fc from "fast-check";
import { MilepostError } from "../../../bridge/errors.ts";
import { interchange as interchangeType } from "../../../bridge/sources/x12/settings.ts";
import { walkBytes } from "../../../bridge/sources/x12/stream.ts";
import { free, type OutSegment, writeInterchange } from "../../../bridge/sources/x12/writer.ts";
import type { TransactionSet, Trouble } from "../../../bridge/sources/x12/envelope.ts";

const MADE = new Date("2026-07-11T12:00:00Z");
const parties = { sender: "SHIPPER", receiver: "CARRIER" };

function write(segments: readonly OutSegment[], rawInterchange: object = {}, control = 42): string {
  const interchange = interchangeType.parse({ ...parties, ...rawInterchange });
  return writeInterchange({ interchange, control, made: MADE }, [
    { functionalId: "SM", sets: [{ type: "204", segments }] },
  ]);
}

function walk(text: string): { sets: TransactionSet[]; troubles: Trouble[] } {
  const read = { sets: [] as TransactionSet[], troubles: [] as Trouble[] };
  walkBytes(Buffer.from(text), {
    set: (set) => void read.sets.push(set),
    groupEnd: () => {},
    interchangeAck: () => {},
    trouble: (trouble) => void read.troubles.push(trouble),
  });
  return read;
}

function refusal(step: () => unknown): MilepostError {
  try {
    step();
  } catch (error) {
    if (error instanceof MilepostError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("x12: writer", () => {
  it("pads the ISA to its 106 bytes and counts segments, sets and groups", () => {
    const [isa = "", ...rest] = write([["B2A", "00"]]).split("\n");
    expect(isa).to.have.length(106);
    expect(rest).to.deep.equal([
      "GS*SM*SHIPPER*CARRIER*20260711*1200*42*X*004010~",
      "ST*204*0001~",
      "B2A*00~",
      "SE*3*0001~",
      "GE*1*42~",
      "IEA*1*000000042~",
      "",
    ]);
  });

  it("leaves empty elements at the end out and keeps those in between", () => {
    expect(write([["B2", undefined, "SCAC", undefined, undefined]])).to.include("B2**SCAC~");
  });

  it("replaces separators and what ASCII cannot say in free text", () => {
    const text = "Müller & Søn* ~Straße>\u0007 10–12 中";
    expect(write([["N1", "ST", free(text, 60)]])).to.include("N1*ST*Muller & Son Strasse 10-12 ?~");
    expect(write([["N1", "ST", free("a".repeat(80), 60)]])).to.include(`N1*ST*${"a".repeat(60)}~`);
  });

  for (const value of ["A*B", "A~B", "A>B", "M\u00fcnchen", "A\nB"]) {
    it(`refuses the reference ${JSON.stringify(value)} instead of changing it`, () => {
      const error = refusal(() => write([["L11", value, "PO"]]));
      expect(error).to.include({ code: "x12_value", retry: "never", path: "L11" });
    });
  }

  it("writes with the separators that the partner wants", () => {
    const text = write([["L11", "A*B", "PO"]], {
      element_separator: "|",
      component_separator: "^",
      segment_terminator: "!",
    });
    expect(text).to.include("L11|A*B|PO!");
    expect(walk(text).troubles).to.deep.equal([]);
  });

  it("refuses separators that cannot separate", () => {
    for (const wrong of [
      { element_separator: "~" },
      { segment_terminator: "A" },
      { component_separator: " " },
    ]) {
      expect(refusal(() => write([], wrong))).to.include({
        code: "x12_separators",
        retry: "pause",
      });
    }
  });

  it("keeps control numbers to nine digits, never zero", () => {
    for (const [number, expected] of [
      [1, "000000001"],
      [1_000_000_000, "999999999"],
      [12_345_678_901, "345678901"],
    ] as const) {
      expect(write([], {}, number)).to.include(`*U*00401*${expected}*0*P*`);
    }
  });

  it("law: what was written is read back, whatever the text and the separators", () => {
    const value = fc.string({ unit: fc.constantFrom(..."ABC 019.-&/()"), maxLength: 12 });
    const words = fc.string({ unit: "binary", maxLength: 40 });
    const segment = fc.tuple(
      fc.constantFrom("N1", "L11", "K1"),
      fc.array(
        fc.oneof(
          value,
          words.map((it) => free(it, 30)),
        ),
        { minLength: 1, maxLength: 6 },
      ),
    );
    const separators = fc.constantFrom(
      ["*", ">", "~"],
      ["|", ":", "'"],
      ["^", "\\", "!"],
      ["+", "<", "\u001c"],
    );
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 8 }),
        separators,
        (list, [element, component, terminator]) => {
          const text = write(
            list.map(([id, elements]) => [id, ...elements]),
            {
              element_separator: element,
              component_separator: component,
              segment_terminator: terminator,
            },
          );
          const { sets, troubles } = walk(text);
          expect(troubles).to.deep.equal([]);
          const read = sets[0]?.segments.slice(1) ?? [];
          expect(read.map(({ id }) => id)).to.deep.equal(list.map(([id]) => id));
          for (const [index, [, elements]] of list.entries()) {
            for (const [n, wanted] of elements.entries()) {
              if (typeof wanted === "string")
                expect(read[index]?.elements[n + 1] ?? "").to.equal(wanted);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
