import { expect } from "chai";
import type { OdooHost } from "../../tools/odoo/host.ts";
import { clone } from "../../tools/odoo/template.ts";

describe("a copy of a database", () => {
  it("is on the disk before anybody uses it: a crash would set its sequences back", async () => {
    const said: string[] = [];
    const host = {
      sql: (database: string, query: string) => {
        said.push(`${database}: ${query.trim().split(/\s+/).slice(0, 2).join(" ")}`);
        return Promise.resolve("");
      },
      copyFiles: () => Promise.resolve(),
      removeFiles: () => Promise.resolve(),
    } satisfies Pick<OdooHost, "sql" | "copyFiles" | "removeFiles">;
    await clone(host as unknown as OdooHost, "from", "to");
    const made = said.indexOf("postgres: CREATE DATABASE");
    expect(made).to.be.greaterThan(-1);
    const flushed = said.indexOf("postgres: CHECKPOINT");
    expect(flushed).to.be.greaterThan(made);
    expect(said.slice(made, flushed)).not.to.include("to: UPDATE ir_config_parameter");
  });
});
