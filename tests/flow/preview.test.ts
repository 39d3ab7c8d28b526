/** Trying a mapping asks a real Odoo what it would change, and changes nothing. */
import { expect } from "chai";
import { CONTRACT_VERSION, type IngestAnswer } from "../../bridge/canonical/exchange.ts";
import type { Fact } from "../../bridge/canonical/fact.ts";
import { factKey, type UnkeyedFact } from "../../bridge/canonical/fact_key.ts";
import { odooCall, type OdooCall } from "../../tools/demo/odoo_call.ts";
import { useOdooDatabase } from "../real_odoo.ts";
import { createConnection, createShipment } from "./shipment_records.ts";

const MESSAGE = {
  id: "trial",
  sha256: "0".repeat(64),
  received_at: "2026-11-02T08:00:00Z",
  mapping: "mapped:acme@1",
  channel: "replay",
} as const;

type Named = UnkeyedFact["identifiers"];

function keyed(fact: UnkeyedFact): Fact {
  return { ...fact, key: factKey(fact), message: MESSAGE.id };
}

const common = { applies_to: "one", recorded_at: "2026-11-02T08:00:00Z" } as const;

const delivered = (identifiers: Named): Fact =>
  keyed({
    kind: "milestone",
    ...common,
    identifiers,
    code: "delivered",
    classifier: "actual",
    occurred: { at: "2026-11-02T08:00:00Z", precision: "second" },
    raw_code: "DEL",
  });

const inContainer = (uid: string, container: string): Fact =>
  keyed({
    kind: "itinerary",
    ...common,
    identifiers: [{ type: "entity", value: uid }],
    declares: [{ type: "container", value: container }],
    stops: [],
  });

describe("A preview of facts", function () {
  this.timeout(300_000);
  const odoo = useOdooDatabase();
  let admin: OdooCall;
  let ask: (method: "preview" | "ingest", facts: Fact[]) => Promise<IngestAnswer["verdicts"]>;
  let uids: string[];

  before(async () => {
    admin = odooCall(odoo.url, odoo.database, odoo.apiKeys.admin);
    const bridge = odooCall(odoo.url, odoo.database, odoo.apiKeys.bridge);
    const connection = await createConnection(admin, "preview");
    ask = async (method, facts) => {
      const batch = {
        contract: CONTRACT_VERSION,
        connection: connection.code,
        messages: [MESSAGE],
        facts,
      };
      return (await bridge<IngestAnswer>("milepost.exchange", method, { batch })).verdicts;
    };
    uids = [
      (await createShipment(admin, connection.id)).uid,
      (await createShipment(admin, connection.id)).uid,
    ];
    await ask(
      "ingest",
      uids.map((uid) => inContainer(uid, "TGBU5551234")),
    );
  });

  const stored = () => admin<number>("milepost.milestone", "search_count", { domain: [] });

  it("says which shipment a fact would be applied to, and stores nothing", async () => {
    const fact = delivered([{ type: "entity", value: uids[0]! }]);
    const [would] = await ask("preview", [fact]);
    expect(would).to.include({ status: "accepted" });
    expect(await stored()).to.equal(0);
    const [did] = await ask("ingest", [fact]);
    expect(did?.shipments).to.deep.equal(would?.shipments);
    expect((await ask("preview", [fact]))[0]).to.include({ status: "duplicate" });
  });

  it("names the candidates where several shipments are meant, and guesses none", async () => {
    const fact = delivered([{ type: "container", value: "TGBU5551234" }]);
    const [would] = await ask("preview", [fact]);
    expect(would).to.include({ status: "unmatched", code: "ambiguous" });
    const names = would?.candidates?.map(({ shipment }) => shipment) ?? [];
    expect(names).to.have.length(2);
    expect(would?.candidates?.[0]?.identifiers).to.deep.equal(fact.identifiers);
    const [did] = await ask("ingest", [fact]);
    expect(did).to.include({ status: "unmatched", code: "ambiguous" });
    expect(did?.candidates).to.deep.equal(would?.candidates);
    for (const name of names) expect(did?.reason).to.include(name);
  });

  it("says that no shipment bears the names, and what breaks the contract", async () => {
    const unknown = delivered([{ type: "pro", value: "unknown" }]);
    const broken = { ...unknown, key: "0".repeat(64), classifier: "maybe" } as unknown as Fact;
    const [first, second] = await ask("preview", [unknown, broken]);
    expect(first).to.include({ status: "unmatched", code: "no_shipment" });
    expect(second).to.include({ status: "rejected", code: "schema" });
  });
});
