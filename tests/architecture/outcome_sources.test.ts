import { readFileSync } from "node:fs";
import { expect } from "chai";
import { sources } from "../../bridge/sources/registry.ts";

describe("the partners that can be told outcomes", () => {
  it("are the same ones to the addon, which offers it, and to the bridge, which does it", () => {
    const path = "../../odoo_addon/milepost_billing/models/milepost_connection.py";
    const text = readFileSync(new URL(path, import.meta.url), "utf8");
    const offered = /OUTCOME_SOURCES = \(([^)]*)\)/.exec(text)?.[1] ?? "";
    const able = [...sources.values()].filter((it) => it.sendOutcome !== undefined);
    expect([...offered.matchAll(/"(\w+)"/g)].map((it) => it[1])).to.have.members(
      able.map((it) => it.id),
    );
  });
});
