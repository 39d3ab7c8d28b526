import { expect } from "chai";
import { Evaluation } from "../../../bridge/sources/mapped/evaluation.ts";
import type { FillJob } from "../../../bridge/sources/mapped/reading_process.ts";
import { fill } from "../../../bridge/sources/mapped/requests.ts";
import { partner } from "./mapped_kit.ts";

const GERMAN = partner({ numbers: { decimal: ",", group: "." } });
const GROUPED = partner({ numbers: { decimal: ".", group: "," } });

/** What an expression of this partner makes of a record. */
async function made(by: typeof GERMAN, text: string, record: object): Promise<unknown> {
  const { value, failures } = await new Evaluation(by.program).apart((one) =>
    one(text, record, {}, "test"),
  );
  expect(failures).to.deep.equal([]);
  return value;
}

describe("arithmetic of a partner's expressions", function () {
  this.timeout(60_000);

  for (const [expression, record, result] of [
    ["$plus(a, b)", { a: "1.234,50", b: "0,75" }, "1235,25"],
    ["$minus(a, b)", { a: "1.234,50", b: "12,5-" }, "1247"],
    ["$times(a, b)", { a: "1.000,00", b: "1,5" }, "1500"],
    ["$implied(a, 2)", { a: "123450" }, "1234,5"],
    ["$decimal(a)", { a: "1.234,50" }, "1234,5"],
    ['$decimal(a) = "0"', { a: "0,00" }, true],
    ['$plus($plus(a, b), "0")', { a: "0,1", b: "0,2" }, "0,3"],
    // Numbers of JSON have no way of writing.
    ["$plus(a, b)", { a: 0.5, b: "0,25" }, "0,75"],
    ['$decimal(a, ".")', { a: "1234.50" }, "1234,5"],
    // What is not written so is no decimal: a one must not become a thousand.
    ["$plus(a, b)", { a: "1.23", b: "1" }, undefined],
    ["$plus(a, b)", { a: "1,2,3", b: "1" }, undefined],
    ["$decimal(a)", { a: "1,234.50" }, undefined],
  ] as const) {
    it(`${expression} of ${JSON.stringify(record)} is ${String(result)} where the partner writes 1.234,50`, async () => {
      expect(await made(GERMAN, expression, record)).to.equal(result);
    });
  }

  it("knows groups before a point, and a comma that the expression names", async () => {
    expect(await made(GROUPED, "$plus(a, b)", { a: "1,234.50", b: "1" })).to.equal("1235.5");
    const plain = partner();
    expect(await made(plain, '$decimal(a, ",")', { a: "12,50" })).to.equal("12.5");
    expect(await made(plain, '$plus($decimal(a, ","), b)', { a: "12,50", b: "1.5" })).to.equal(
      "14",
    );
    expect(await made(plain, "$plus(a, b)", { a: "12,50", b: "1" })).to.equal(undefined);
  });

  it("is ours where it makes what goes out, and the partner's where it reads his answer", async () => {
    const filled = async (given: Pick<FillJob, "context" | "document">) => {
      const template = { expression: '$times(weight, "2")', at: "orders/original/body" };
      return (await fill(GERMAN, { fill: template, bindings: {}, ...given })).value;
    };
    expect(await filled({ context: { weight: "12.5" } })).to.equal("25");
    const body = Buffer.from('{"weight":"12,75"}');
    expect(await filled({ document: { format: "json", body } })).to.equal("25,5");
  });
});
