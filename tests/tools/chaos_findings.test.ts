import { expect } from "chai";
import { type Findings, isClean, wasLoaded } from "../chaos/findings.ts";

const GOOD: Findings = {
  kills: 20,
  acknowledged: 400,
  acknowledged_lost: 0,
  duplicates_in_odoo: 0,
  stuck: 0,
  orders: 12,
  orders_twice: 0,
  mismatches: 0,
  repeated: 90,
  channels: { webhook: 300, folder: 50, sftp: 50 },
  disasters: { odoo: 1, database: 1, disk: 1, network: 1 },
};

describe("a run of chaos", () => {
  it("proves something when it lost nothing under load", () => {
    expect([isClean(GOOD), wasLoaded(GOOD)]).to.deep.equal([true, true]);
  });

  for (const [what, changed] of Object.entries({
    "nothing acknowledged": { acknowledged: 0 },
    "too few messages for its kills": { acknowledged: 99 },
    "no message sent again": { repeated: 0 },
    "no order": { orders: 0 },
    "a way in that nothing came by": { channels: { webhook: 350, folder: 0, sftp: 50 } },
    "a disk that could not be filled": { disasters: { odoo: 1, database: 1, disk: 0, network: 1 } },
  } satisfies Record<string, Partial<Findings>>)) {
    it(`proves nothing with ${what}`, () => {
      expect(wasLoaded({ ...GOOD, ...changed })).to.equal(false);
    });
  }

  for (const name of [
    "acknowledged_lost",
    "duplicates_in_odoo",
    "stuck",
    "orders_twice",
    "mismatches",
  ] as const) {
    it(`fails with one of ${name}`, () => {
      expect(isClean({ ...GOOD, [name]: 1 })).to.equal(false);
    });
  }
});
