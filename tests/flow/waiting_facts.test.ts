/** What comes before Odoo can use it is kept, shown, and used when its time comes. */
import { expect } from "chai";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { TestBridge } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";
import { useOdooDatabase } from "../real_odoo.ts";

type Milestone = { shipment_id: [number, string] | false; raw_code: string; is_unmapped: boolean };

describe("Facts that Odoo cannot place yet", function () {
  this.timeout(60_000);
  const odoo = useOdooDatabase();
  let admin: OdooCall;
  let bridge: TestBridge;
  let connectionId: number;

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    const [id] = await admin<number[]>("milepost.connection", "create", {
      vals_list: [{ name: "Acme", code: "acme", source: "tiny" }],
    });
    connectionId = id!;
    bridge = await TestBridge.start({
      odooUrl: odoo.url,
      odoo: { database: odoo.database, api_key: odoo.apiKeys.bridge },
    });
  });
  after(() => bridge.stop());

  const told = (message: string) =>
    admin<Milestone[]>("milepost.milestone", "search_read", {
      domain: [["message_uid", "=", message]],
      fields: ["shipment_id", "raw_code", "is_unmapped"],
    });
  const counts = async () => {
    const [connection] = await admin<Array<{ unmatched_count: number; unmapped_count: number }>>(
      "milepost.connection",
      "read",
      { ids: [connectionId], fields: ["unmatched_count", "unmapped_count"] },
    );
    return connection!;
  };
  const post = async (trip: string, events: number) => {
    const answer = (await (await bridge.post(tinyMessage(events, { trip }))).json()) as {
      id: string;
    };
    await waitUntil(
      "they are in Odoo",
      async () => (await told(answer.id)).length === events,
      20_000,
    );
    return answer.id;
  };

  it("are shown as unmatched, and are the shipment's as soon as it appears", async () => {
    const uid = crypto.randomUUID();
    const message = await post(uid, 3);
    expect((await told(message)).map((it) => it.shipment_id)).to.deep.equal([false, false, false]);
    expect((await counts()).unmatched_count).to.equal(3);
    const [id] = await admin<number[]>("milepost.shipment", "create", {
      vals_list: [{ connection_id: connectionId, uid }],
    });
    const owners = (await told(message)).map((it) => it.shipment_id && it.shipment_id[0]);
    expect(owners).to.deep.equal([id, id, id]);
    expect((await counts()).unmatched_count).to.equal(0);
    const [shipment] = await admin<Array<{ fact_count: number }>>("milepost.shipment", "read", {
      ids: [id],
      fields: ["fact_count"],
    });
    expect(shipment?.fact_count).to.equal(3);
  });

  it("keep a code that nobody knows, shown as such, until people say what it means", async () => {
    const uid = crypto.randomUUID();
    const [id] = await admin<number[]>("milepost.shipment", "create", {
      vals_list: [{ connection_id: connectionId, uid }],
    });
    const message = await post(uid, 1);
    const [milestone] = await told(message);
    expect(milestone?.is_unmapped).to.equal(true);
    const state = async () => {
      const fields = ["state", "unmapped_count"];
      const rows = await admin<object[]>("milepost.shipment", "read", { ids: [id], fields });
      return rows[0] as { state: string; unmapped_count: number };
    };
    expect(await state()).to.deep.include({ state: "waiting", unmapped_count: 1 });
    await admin("milepost.code.map", "create", {
      vals_list: [
        {
          connection_id: connectionId,
          raw_code: milestone!.raw_code,
          milestone_code: "in_transit",
        },
      ],
    });
    expect(await state()).to.deep.include({ state: "in_transit", unmapped_count: 0 });
  });
});
