import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { outboxItem } from "../store/store_contract.ts";
import { blocksOf, ROOT, Tutorial } from "./tutorial.ts";

const pageOf = (name: string) =>
  blocksOf(readFileSync(join(ROOT, "docs/tutorials", `${name}.md`), "utf8"));

describe("the tutorials of partners without code", function () {
  this.timeout(400_000);
  let tutorial: Tutorial;
  afterEach(() => tutorial.close());

  const facts = (connection: string) =>
    tutorial.odoo.batches.filter((it) => it.connection === connection).flatMap((it) => it.facts);

  it("show OAuth 2, XML, a cursor, and orders out", async () => {
    tutorial = await Tutorial.open(["nordfracht"], (partner) => {
      const peer = "MILEPOST_CONNECTIONS__NORDFRACHT__PEER__";
      const api = `http://127.0.0.1:${partner}`;
      return {
        NORDFRACHT_SECRET: "nord-secret",
        [`${peer}BASE_URL`]: api,
        [`${peer}AUTH__TOKEN_URL`]: `${api}/token`,
      };
    });
    const { odoo } = tutorial;
    odoo.outbox.push(outboxItem(5));
    await tutorial.run(pageOf("oauth_xml_orders"), async () => {
      await waitUntil("the facts in Odoo", () => facts("nordfracht").length === 2, 60_000);
      await waitUntil("the answer in Odoo", () => odoo.acknowledgements.length > 0, 60_000);
    });
    const codes = facts("nordfracht").map((it) => (it.kind === "milestone" ? it.code : it.kind));
    expect(codes).to.have.members(["picked_up", "delivered"]);
    expect(odoo.acknowledgements[0]).to.deep.include({
      ...{ id: 5, result: "accepted", external_number: "NF-2002" },
      identifiers: [{ type: "pro", value: "NF-2002" }],
    });
  });

  it("show a Latin-1 table with decimal commas, and fixed width", async () => {
    tutorial = await Tutorial.open(["spedition", "linehaul"], () => ({}));
    await tutorial.run(pageOf("files"), () => Promise.resolve());
    await waitUntil("the bill in Odoo", () => facts("spedition").length === 1, 60_000);
    await waitUntil("the events in Odoo", () => facts("linehaul").length === 2, 60_000);
    const [bill] = facts("spedition");
    expect(bill).to.include({ kind: "carrier_invoice", number: "R-4711", total: "1300" });
    expect(JSON.stringify(bill)).to.include("Fracht Köln–Zürich");
  });
});
