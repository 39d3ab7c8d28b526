import { expect } from "chai";
import fc from "fast-check";
import { parseDocument } from "../../../../bridge/sources/shared/json/document.ts";
import { LongList } from "../../../../bridge/sources/shared/json/long_list.ts";
import { sources } from "../../../../bridge/sources/registry.ts";
import { MilepostError } from "../../../../bridge/errors.ts";

/** What a list gives, or the code of its refusal: taken apart, and as one document. */
function apart(body: Buffer): unknown {
  const list = LongList.of("test", body, 0);
  if (list === undefined) return "no list";
  return codeOr(() => {
    for (const nothing of list.checked()) expect(nothing.facts).to.deep.equal([]);
    const values = [...list.nodes()].map((it) => it.value);
    expect(values).to.have.length(list.length);
    return values;
  });
}

const whole = (body: Buffer) => codeOr(() => parseDocument("test", body));

function codeOr(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof MilepostError) return error.code;
    throw error;
  }
}

describe("a long JSON list", () => {
  it("says element by element what it says as one document", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(3), (list, indent) => {
        const body = Buffer.from(JSON.stringify(list, null, indent));
        expect(apart(body)).to.deep.equal(whole(body));
      }),
    );
  });

  it("is refused as one document would be, wherever it is broken", () => {
    const signs = fc.constantFrom("", ",", "]", "[", "}", "{", '"', "\\", " ", "1", "\ufeff");
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(), signs, (list, at, sign) => {
        const text = JSON.stringify(list);
        const place = 1 + (at % text.length);
        const body = Buffer.from(text.slice(0, place) + sign + text.slice(place + 1));
        expect(apart(body)).to.deep.equal(whole(body));
      }),
      { numRuns: 500 },
    );
  });

  it("names the element that is broken, too deep or dangerous", () => {
    const deep = "[".repeat(64) + "]".repeat(64);
    const cases = { "[{}, {1}]": "/1", '[1, {"a": {"__proto__": 1}}]': "/1/a/__proto__" };
    for (const [text, path] of [...Object.entries(cases), [`[1, 2, ${deep}]`, "/2"] as const]) {
      const list = LongList.of("test", Buffer.from(text), 0)!;
      expect(() => [...list.checked()], text)
        .to.throw(MilepostError)
        .with.property("path", path);
    }
  });

  it("leaves others their turn while it is checked, and nothing of it is read when its end is broken", () => {
    const event = (n: number) => ({ MessageType: "STOP_ARRIVAL", FourKitesLoadId: String(n) });
    const list = Array.from({ length: 20_000 }, (_, n) => event(n));
    const body = Buffer.from(JSON.stringify(list).slice(0, -1));
    const source = sources.get("fourkites")!;
    const raw = { body, contentType: "application/json", receivedAt: new Date(), attributes: {} };
    let turns = 0;
    const readAll = () => {
      for (const { facts, findings } of source.readParts!(raw, source.settings.parse({}))) {
        expect([facts, findings]).to.deep.equal([[], []]);
        turns += 1;
      }
    };
    expect(readAll).to.throw(MilepostError).with.property("code", "not_json");
    expect(turns).to.be.greaterThan(4);
  });
});
