import { expect } from "chai";
import fc from "fast-check";
import { guardJson } from "../../bridge/intake/json_guard.ts";
import { growth, LINEAR } from "../growth.ts";

const verdict = (text: string, depth = 64): string => {
  try {
    guardJson(Buffer.from(text), depth);
    return "fine";
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("the JSON guard", () => {
  it("takes 64 levels and refuses 65", () => {
    expect(verdict(nested(64))).to.equal("fine");
    expect(verdict(nested(65))).to.equal("json_too_deep");
    expect(verdict('{"a":'.repeat(65))).to.equal("json_too_deep");
  });

  it("survives a million levels, at a cost that grows no faster than the text", () => {
    expect(verdict(nested(1_000_000))).to.equal("json_too_deep");
    expect(growth(nested, verdict, 250_000)).to.be.below(LINEAR);
  });

  it("counts no brackets inside texts, whatever is escaped there", () => {
    expect(verdict(JSON.stringify({ text: nested(100) }))).to.equal("fine");
    expect(verdict(JSON.stringify({ text: `\\"${"[".repeat(100)}` }))).to.equal("fine");
  });

  it("refuses keys that become prototypes, written plainly or with escapes", () => {
    expect(verdict('{"__proto__": {}}')).to.equal("json_forbidden_key");
    expect(verdict('{"a": {"constructor" : 1}}')).to.equal("json_forbidden_key");
    expect(verdict('{"\\u005f_proto__": 1}')).to.equal("json_forbidden_key");
    expect(
      verdict(
        `{"${"__proto__"
          .split("")
          .map((c) => `\\u00${c.charCodeAt(0).toString(16)}`)
          .join("")}":1}`,
      ),
    ).to.equal("json_forbidden_key");
  });

  it("takes the same words as values", () => {
    expect(verdict('{"a": "__proto__", "b": ["constructor"]}')).to.equal("fine");
  });

  it("takes whatever JSON.stringify writes within the depth (property)", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        if (/__proto__|constructor|prototype/.test(text)) return;
        expect(verdict(text)).to.equal("fine");
      }),
    );
  });

  it("throws nothing else on any bytes (property)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verdict(Buffer.from(bytes).toString("latin1"))).to.be.oneOf([
          "fine",
          "json_too_deep",
          "json_forbidden_key",
        ]);
      }),
    );
  });
});
