/**
 * The facts that both sides of the contract must judge alike. They lie in the addon, where Odoo's
 * own tests (tests/test_contract.py) read the same files.
 */
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { MILESTONE_CODES } from "../../bridge/canonical/codes.ts";
import { fact, type Fact } from "../../bridge/canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../../bridge/canonical/fact_key.ts";

interface Accepted {
  why: string;
  fact: Fact;
}
interface Refused {
  why: string;
  path: string;
  fact: unknown;
}
interface KeyedCase {
  why: string;
  fact: Record<string, unknown>;
  key: string;
}

const read = (name: string): unknown => {
  const folder = "../../odoo_addon/milepost/tests/fixtures/exchange/";
  return JSON.parse(readFileSync(new URL(`${folder}${name}.json`, import.meta.url), "utf8"));
};

describe("the facts of the contract", () => {
  const accepted = read("accepted") as Accepted[];
  const refused = read("refused") as Refused[];

  for (const { why, fact: given } of accepted) {
    it(`take ${why}, under the key of what it says`, () => {
      expect(fact.parse(given)).to.deep.equal(given);
      const { key, message: _message, ...says } = given;
      expect(factKey(says)).to.equal(key);
    });
  }

  for (const { why, path, fact: given } of refused) {
    it(`refuse ${why} and point at ${path}`, () => {
      const { error } = fact.safeParse(given);
      expect(error?.issues.map((issue) => `/${issue.path.join("/")}`)).to.include(path);
    });
  }

  for (const { why, fact: given, key } of read("keys") as KeyedCase[]) {
    it(`have one key on both sides, with ${why}`, () => {
      const { message: _message, ...says } = given;
      expect(factKey(says as unknown as UnkeyedFact)).to.equal(key);
    });
  }

  it("hold every milestone", () => {
    const codes = accepted.flatMap(({ fact: it }) =>
      it.kind === "milestone" ? (it.code ?? []) : [],
    );
    expect(codes).to.include.members([...MILESTONE_CODES]);
  });
});
