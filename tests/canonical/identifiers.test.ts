import { expect } from "chai";
import fc from "fast-check";
import {
  canonicalIdentifier,
  containerCheckDigit,
  IDENTIFIER_TYPES,
} from "../../bridge/canonical/identifiers.ts";

describe("identifiers in canonical form", () => {
  it("write a container as ISO 6346 does, whoever wrote it", () => {
    for (const written of ["CSQU3054383", "CSQU 305438-3", "csqu 305438 3", "CSQU305438"]) {
      expect(canonicalIdentifier("container", written), written).to.equal("CSQU3054383");
    }
    // A check digit that comes in a field of its own and in the number too.
    expect(canonicalIdentifier("container", "CSQU30543833")).to.equal("CSQU3054383");
    expect(containerCheckDigit("TOLU473478")).to.equal("7");
    // What is stated is kept: correcting it would name another container.
    expect(canonicalIdentifier("container", "MSKU 123456-7")).to.equal("MSKU1234567");
    expect(canonicalIdentifier("container", "TRAILER 12")).to.equal("TRAILER 12");
    expect(canonicalIdentifier("container", "JBHZ 123456")).to.equal("JBHZ123456");
  });

  it("write air waybills, SSCC, PRO and parcel numbers without what is only for the eye", () => {
    const written = [
      ["mawb", "020 1234 5675", "020-12345675"],
      ["mawb", "02012345675", "020-12345675"],
      ["mawb", "HAWB 7", "HAWB 7"],
      ["sscc", "(00) 3 4012345 000000001 8", "340123450000000018"],
      ["sscc", "00340123450000000018", "340123450000000018"],
      ["pro", "123-456789-0", "1234567890"],
      ["pro", "123456780-01", "123456780-01"],
      ["pro", "AB-12", "AB-12"],
      ["tracking", "1z 999 aa1 01 2345 6784", "1Z999AA10123456784"],
      ["tracking", "rr 123 456 785 de", "RR123456785DE"],
      ["tracking", "FWD 900", "FWD 900"],
      ["scac", "abcd", "ABCD"],
      ["shipment", "SHP-00042", "SHP-00042"],
    ] as const;
    for (const [type, text, wanted] of written) {
      expect(canonicalIdentifier(type, text), `${type} ${text}`).to.equal(wanted);
    }
  });

  it("stay as they are when they are in that form", () => {
    const text = fc.string({ unit: fc.constantFrom(..."AU17 -.(0)z"), maxLength: 24 });
    fc.assert(
      fc.property(fc.constantFrom(...IDENTIFIER_TYPES), text, (type, value) => {
        const once = canonicalIdentifier(type, value);
        expect(canonicalIdentifier(type, once)).to.equal(once);
      }),
    );
  });
});
