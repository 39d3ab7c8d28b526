import { expect } from "chai";
import fc from "fast-check";
import { elementsOf } from "../../../../bridge/sources/shared/json/elements.ts";

const texts = (json: string, ...keys: string[]) =>
  elementsOf(Buffer.from(json), keys).map((it) => it.toString());

describe("the elements of a list inside a JSON text", () => {
  it("are the sender's own bytes, numbers and blanks included", () => {
    const json =
      '\ufeff { "a\\u0062": {"x": [1]}, "data" : { "list" : [ 1.10 , {"n": 1e2}, "],\\"" ] } }';
    expect(texts(json, "data", "list")).to.deep.equal(["1.10", '{"n": 1e2}', '"],\\""']);
    expect(texts(json, "ab", "x")).to.deep.equal(["1"]);
  });

  it("are none where no list stands", () => {
    for (const json of ["[]", "{}", '{"data": 1}', '{"data": {"list": {}}}', "3", ""]) {
      expect(texts(json, "data", "list")).to.deep.equal([]);
    }
    expect(texts("[]")).to.deep.equal([]);
  });

  it("are those of the last member where one name stands twice, as for JSON.parse", () => {
    expect(texts('{"l": [1], "l": [2]}', "l")).to.deep.equal(["2"]);
  });

  it("say what the parsed list says, whatever it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.string(), fc.nat(3), (list, key, indent) => {
        const json = JSON.stringify({ before: key, [key]: list, after: [key] }, null, indent);
        const expected = (JSON.parse(json) as Record<string, unknown[]>)[key];
        const found = texts(json, key).map((it) => JSON.parse(it) as unknown);
        if (key !== "before") expect(found).to.deep.equal(expected);
      }),
    );
  });
});
