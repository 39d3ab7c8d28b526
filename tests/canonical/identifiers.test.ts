import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import {
  canonicalIdentifier,
  containerCheckDigit,
  IDENTIFIER_TYPES,
  type IdentifierType,
} from "../../bridge/canonical/identifiers.ts";

/** Shared with the addon, which writes in the same form what people type. */
const FORMS = JSON.parse(
  readFileSync(
    new URL("../../odoo_addon/milepost/tests/fixtures/exchange/identifiers.json", import.meta.url),
    "utf8",
  ),
) as Array<{ type: IdentifierType; written: string; canonical: string }>;

describe("identifiers in canonical form", () => {
  it("are written as their standards say, whoever wrote them", () => {
    for (const { type, written, canonical } of FORMS) {
      expect(canonicalIdentifier(type, written), `${type} ${written}`).to.equal(canonical);
    }
    expect(containerCheckDigit("TOLU473478")).to.equal("7");
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
