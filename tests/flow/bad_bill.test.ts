/** A carrier's bill that is wrong: it comes through the bridge, is kept whole, and Odoo says what is wrong. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { checkConfig } from "../../bridge/config.ts";
import { createLogger } from "../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../bridge/main.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { temporaryDirectory, testTree } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { interchange } from "../sources/x12/samples.ts";

interface Bill {
  id: number;
  number: string;
  total: number;
  state: string;
}

describe("A 210 that does not add up", function () {
  this.timeout(120_000);
  const odoo = useOdooDatabase();
  const folder = temporaryDirectory();
  const files = {
    in: join(folder, "in"),
    archive: join(folder, "archive"),
    error: join(folder, "error"),
    out: join(folder, "out"),
    settle_seconds: 0.1,
    interval_seconds: 0.1,
  };
  let admin: OdooCall;
  let bridge: Bridge | undefined;
  let shipment: string;

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    await admin("res.partner", "create", {
      vals_list: [{ name: "Roadline", milepost_scac: "RDLN" }],
    });
    const [connection] = await admin<number[]>("milepost.connection", "create", {
      vals_list: [{ name: "Roadline EDI", code: "acme", source: "x12" }],
    });
    const [id] = await admin<number[]>("milepost.shipment", "create", {
      vals_list: [{ connection_id: connection }],
    });
    const [row] = await admin<Array<{ name: string }>>("milepost.shipment", "read", {
      ids: [id],
      fields: ["name"],
    });
    shipment = row!.name;
    for (const name of [files.in, files.archive, files.error, files.out]) mkdirSync(name);
    const parts = {
      odooUrl: odoo.url,
      dataDir: join(folder, "store"),
      odoo: { database: odoo.database, api_key: odoo.apiKeys.bridge },
      connection: { source: "x12", folder: files, webhook: undefined },
    };
    const config = checkConfig(testTree(parts), {}, sources);
    bridge = await startBridge(config, { sources, log: createLogger("silent") });
  });
  after(async () => {
    await bridge?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends a bill of 500.00 linehaul and 20.00 fuel that says this total, and waits for it in Odoo. */
  async function billed(number: string, total: string, correction = ""): Promise<Bill> {
    const b3 = `B3**${number}*${shipment}*PP**20260710*${total}*${correction}***RDLN`;
    const lines = ["L1*1***50000****400", "L1*2***2000****FUE"];
    const body = interchange("210", [[b3, ...lines]], { functionalId: "IM" });
    writeFileSync(join(files.in, `${number}-${total}.edi`), body);
    let found: Bill | undefined;
    await waitUntil(`bill ${number} in Odoo`, async () => {
      const domain = [
        ["number", "=", number],
        ["total", "=", Number(total) / 100],
      ];
      const fields = ["number", "total", "state"];
      [found] = await admin<Bill[]>("milepost.carrier.invoice", "search_read", { domain, fields });
      return found !== undefined;
    });
    await admin("milepost.billing.run", "run_now", {});
    return found!;
  }

  const holdsOf = (bill: Bill) =>
    admin<Array<{ reason: string; explanation: string; state: string }>>(
      "milepost.hold",
      "search_read",
      {
        domain: [["carrier_invoice_id", "=", bill.id]],
        fields: ["reason", "explanation", "state"],
      },
    );

  it("is kept with all its lines and held with the amounts that differ", async () => {
    const bill = await billed("7001", "53000");
    let hold: Awaited<ReturnType<typeof holdsOf>>[number] | undefined;
    // Odoo's own scheduled action may be deciding at this moment: a run leaves it what it has in hand.
    await waitUntil("the hold", async () => {
      hold = (await holdsOf(bill)).find((it) => it.reason === "not_adding_up");
      return hold !== undefined;
    });
    expect(hold?.state).to.equal("open");
    expect(hold?.explanation).to.include("520").and.include("530");
    const lines = await admin<Array<{ charge_type: string; amount: number }>>(
      "milepost.carrier.invoice.line",
      "search_read",
      {
        domain: [["invoice_id", "=", bill.id]],
        fields: ["charge_type", "amount"],
        order: "amount desc",
      },
    );
    expect(lines.map(({ charge_type, amount }) => [charge_type, amount])).to.deep.equal([
      ["linehaul", 500],
      ["fuel", 20],
    ]);
    const booked = await admin<number>("account.move", "search_count", {
      domain: [["milepost_carrier_invoice_id", "=", bill.id]],
    });
    expect(booked).to.equal(0);
  });

  it("is replaced by the carrier's corrected bill", async () => {
    const corrected = await billed("7001", "52000", "CO");
    await waitUntil("the first bill gives way", async () => {
      const [first] = await admin<Bill[]>("milepost.carrier.invoice", "search_read", {
        domain: [
          ["number", "=", "7001"],
          ["total", "=", 530],
        ],
        fields: ["state"],
      });
      return first?.state === "superseded";
    });
    const holds = (await holdsOf(corrected)).filter((it) => it.state === "open");
    expect(holds.map((it) => it.reason)).not.to.include("not_adding_up");
  });
});
