import { expect } from "chai";
import { MilepostError } from "../../../../bridge/errors.ts";
import { parseDocument } from "../../../../bridge/sources/shared/json/document.ts";
import { JsonNode } from "../../../../bridge/sources/shared/json/node.ts";
import { cleanText } from "../../../../bridge/sources/shared/reading/clean_text.ts";
import { countryCode, isUnLocode } from "../../../../bridge/sources/shared/reading/countries.ts";
import { makePlace } from "../../../../bridge/sources/shared/reading/places.ts";

function fault(body: string | Buffer): MilepostError {
  try {
    parseDocument("test", Buffer.from(body));
  } catch (error) {
    if (error instanceof MilepostError) return error;
    throw error;
  }
  throw new Error("was read");
}

describe("a JSON message", () => {
  it("is read with a byte order mark", () => {
    expect(parseDocument("test", Buffer.from("\uFEFF[1]"))).to.deep.equal([1]);
  });

  it("is refused beyond a depth of 64, before it is parsed", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(() => parseDocument("test", Buffer.from(nested(64)))).not.to.throw();
    expect(fault(nested(65)).code).to.equal("too_deep");
    expect(fault("[".repeat(1_000_000)).code).to.equal("too_deep");
    expect(() =>
      parseDocument("test", Buffer.from(JSON.stringify({ a: "[".repeat(100) + '"' }))),
    ).not.to.throw();
  });

  it("is refused when it is no JSON, no UTF-8 or would alter a prototype, with the place", () => {
    expect(fault("<html>").code).to.equal("not_json");
    expect(fault(Buffer.from([0x22, 0xff, 0x22])).code).to.equal("not_utf8");
    expect(fault('{"a/b":[{"__proto__":{}}]}')).to.include({
      code: "forbidden_key",
      path: "/a~1b/0/__proto__",
    });
    expect(fault("").retry).to.equal("never");
  });
});

describe("a node of a message", () => {
  const node = new JsonNode({ a: [{ "b/c": " x\u0000y " }], n: "48.85", id: 12 });

  it("knows its JSON pointer, also where nothing is", () => {
    expect(node.at("a").items()[0]?.at("b/c").path).to.equal("/a/0/b~1c");
    expect(node.at("no", "where")).to.include({ path: "/no/where", isMissing: true });
    expect(node.at("toString").isMissing).to.equal(true);
  });

  it("gives text without control characters and numbers from text", () => {
    expect(node.at("a").items()[0]?.at("b/c").text()).to.equal("x y");
    expect(node.at("n").number()).to.equal(48.85);
    expect(node.at("id").text()).to.equal("12");
    expect(cleanText("ab\u{1F600}", 3)).to.equal("ab\uFFFD");
  });
});

describe("a place", () => {
  it("takes countries by any name and leaves out what is none", () => {
    expect(["DK", "dnk", "Denmark", "USA", "Utopia", undefined].map(countryCode)).to.deep.equal([
      "DK",
      "DK",
      "DK",
      "US",
      undefined,
      undefined,
    ]);
    expect(makePlace({ city: "Nowhere", country: "Utopia" })).to.deep.equal({
      name: "Nowhere, Utopia",
      city: "Nowhere",
    });
  });

  it("takes a UN/LOCODE of an assigned country only", () => {
    expect(["DEHAM", "XZSEA", "XYABC", "DEHA1", "deham"].map(isUnLocode)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("keeps the state with the city's name and drops the point where nobody is", () => {
    expect(
      makePlace({ city: "Dallas", state: "TX", country: "US", latitude: 0, longitude: 0 }),
    ).to.deep.equal({
      name: "Dallas, TX",
      city: "Dallas",
      country: "US",
    });
    expect(makePlace({})).to.equal(undefined);
  });
});
