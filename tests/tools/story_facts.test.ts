import { expect } from "chai";
import type { Verdict } from "../../bridge/canonical/exchange.ts";
import { ingest, milestone } from "../../tools/story/facts.ts";

describe("telling a story to Odoo", () => {
  it("tells a fact again whose shipment Odoo's own work holds, and no other", async () => {
    const told = [1, 2].map((n) => milestone(`SHP/${n}`, new Date(), { code: "picked_up" }));
    const batches: string[][] = [];
    const call = (_login: string, _model: string, _method: string, args?: unknown) => {
      const { batch } = args as { batch: { facts: { key: string }[] } };
      const keys = batch.facts.map(({ key }) => key);
      batches.push(keys);
      const status = (key: string) =>
        batches.length === 1 && key === keys[1] ? "retry" : "accepted";
      return Promise.resolve({ verdicts: keys.map((key) => ({ key, status: status(key) })) });
    };
    const verdicts: Verdict[] = await ingest(call, "acme", "otm5@1", told);
    expect(batches).to.deep.equal([batches[0], [batches[0]![1]]]);
    expect(verdicts.map(({ status }) => status)).to.deep.equal(["accepted", "accepted"]);
  });
});
