/** The addons that stand beside core and billing for another module of Odoo's: each goes and comes again. */
import { expect } from "chai";
import { addonNames } from "../../tools/addons.ts";
import { BILL, BOOKS, CORE, install, KEPT, RECOMPUTE, uninstall, usePlay } from "./lifecycle.ts";

const BESIDE = addonNames().filter(
  (name) => name.startsWith("milepost_") && !/_(billing|demo)$/.test(name),
);

describe("core and billing", function () {
  this.timeout(1_200_000);
  const play = usePlay();

  it("go on when each of those beside core and billing is uninstalled, and when they come again", async () => {
    await play().shell(BILL);
    const all = { ...KEPT, ...BOOKS, ...CORE };
    const before = await play().rows(all);
    for (const name of BESIDE) {
      await play().shell(uninstall(name));
      expect(await play().rows(all), name).to.deep.equal(before);
      const names = `SELECT count(*) FROM ir_model_data WHERE module = '${name}'`;
      expect(Number((await play().database.sql(names)).trim()), name).to.equal(0);
    }
    for (const name of BESIDE) await play().shell(install(name));
    expect(await play().rows(all)).to.deep.equal(before);
    expect(await play().shell(RECOMPUTE)).to.match(/^RECOMPUTED \d\d+ \[\]$/m);
  });
});
