/** The databases that tests work in are copies of one, and several runs take theirs at once. */
import { expect } from "chai";
import { ownHost } from "../../tools/odoo/odoo.ts";
import { alterDatabase } from "../../tools/odoo/template.ts";

describe("a database that is copied by several at once", function () {
  this.timeout(600_000);

  it("is closed by each of them, and none is told that another did", async () => {
    const host = await ownHost(() => undefined);
    await host.startDatabase();
    const name = `t_closed_${process.pid}`;
    await host.sql("postgres", `CREATE DATABASE "${name}" TEMPLATE template0`);
    try {
      const closings = await Promise.allSettled(
        Array.from({ length: 24 }, () => alterDatabase(host, name, "WITH ALLOW_CONNECTIONS false")),
      );
      expect(closings.filter(({ status }) => status === "rejected")).to.deep.equal([]);
    } finally {
      await host.sql("postgres", `DROP DATABASE "${name}"`);
    }
  });
});
