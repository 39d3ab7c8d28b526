import { expect } from "chai";
import fc from "fast-check";
import { plainDecimal } from "../../../bridge/sources/mapped/numerals.ts";

describe("decimals as partners write them", () => {
  it("are read as they are written, or not at all", () => {
    const german = { decimal: ",", group: "." } as const;
    expect(plainDecimal("1.234,50", german)).to.equal("1234.50");
    expect(plainDecimal("12,5-", german)).to.equal("-12.5");
    expect(plainDecimal("- 7", german)).to.equal("-7");
    // A thousand must not become a one, nor a one a thousand.
    expect(plainDecimal("1.23", german)).to.equal(undefined);
    expect(plainDecimal("0.001", german)).to.equal(undefined);
    expect(plainDecimal("0.500", german)).to.equal(undefined);
    expect(plainDecimal("0,500", german)).to.equal("0.500");
    expect(plainDecimal("1,234.50", german)).to.equal(undefined);
    expect(plainDecimal("1,234", { decimal: "." })).to.equal(undefined);
    expect(plainDecimal("1\u202F234,5", { decimal: ",", group: " " })).to.equal("1234.5");
    expect(plainDecimal("1'234.5", { decimal: ".", group: "'" })).to.equal("1234.5");
    for (const text of ["", "-", ",", "1,2,3", "1e3", "12 EUR"]) {
      expect(plainDecimal(text, german), text).to.equal(undefined);
    }
  });

  it("mean the same in every way of writing", () => {
    const written = fc.tuple(
      fc.bigInt({ min: -999_999_999n, max: 999_999_999n }),
      fc.integer({ min: 0, max: 99 }),
    );
    fc.assert(
      fc.property(written, ([whole, cents]) => {
        const sign = whole < 0n ? "-" : "";
        const digits = String(whole < 0n ? -whole : whole);
        const places = String(cents).padStart(2, "0");
        const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ".");
        const numbers = { decimal: ",", group: "." } as const;
        const wanted = `${sign}${digits}.${places}`;
        expect(plainDecimal(`${sign}${grouped},${places}`, numbers)).to.equal(wanted);
        expect(plainDecimal(`${grouped},${places}${sign}`, numbers)).to.equal(wanted);
        expect(plainDecimal(wanted)).to.equal(wanted);
      }),
    );
  });
});
