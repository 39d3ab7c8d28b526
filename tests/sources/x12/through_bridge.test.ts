import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { checkConfig } from "../../../bridge/config.ts";
import { createLogger } from "../../../bridge/logger.ts";
import { type Bridge, startBridge } from "../../../bridge/main.ts";
import { sources } from "../../../bridge/sources/registry.ts";
import { FakeOdoo } from "../../bridge_kit/fake_odoo.ts";
import {
  askAdmin,
  HOOK_SECRET,
  temporaryDirectory,
  testTree,
} from "../../bridge_kit/test_bridge.ts";
import { waitUntil } from "../../bridge_kit/wait_until.ts";
import { outboxItem } from "../../store/store_contract.ts";
import type { Reading } from "../../../bridge/canonical/reading.ts";
import { findingCodes, fixture, interchange, readX12, status214 } from "./samples.ts";

/** Codes of the findings, but for the date: these files are written now and read at a fixed time. */
const said = (reading: Reading) => findingCodes(reading).filter((code) => code !== "message_time");

describe("x12: on its way through the bridge", () => {
  const folder = temporaryDirectory();
  const place = (name: string) => join(folder, name);
  let odoo: FakeOdoo;
  let bridge: Bridge | undefined;

  before(() =>
    ["in", "archive", "error", "out", "out/tenders"].forEach((name) => mkdirSync(place(name))),
  );
  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
  });
  afterEach(async () => {
    await bridge?.stop();
    bridge = undefined;
    await odoo.stop();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function start(name: string, connection: Record<string, unknown>): Promise<void> {
    const parts = {
      odooUrl: odoo.url,
      dataDir: place(name),
      connection: { source: "x12", ...connection },
    };
    const config = checkConfig(testTree(parts), {}, sources);
    bridge = await startBridge(config, { sources, log: createLogger("silent") });
  }

  const files = {
    in: place("in"),
    archive: place("archive"),
    error: place("error"),
    out: place("out"),
    settle_seconds: 0.1,
    interval_seconds: 0.1,
  };

  it("a file becomes facts in Odoo, and its 997 lies in the folder for the carrier", async () => {
    await start("files", { folder: files, webhook: undefined });
    writeFileSync(join(files.in, "status.edi"), fixture("canadapost_214_batch.txt"));
    await waitUntil("19 facts in Odoo", () => odoo.facts.size === 19);
    expect(odoo.batches[0]?.messages[0]).to.include({ channel: "folder", mapping: "x12@7" });
    const written = () => readdirSync(files.out).filter((it) => it.endsWith(".edi"));
    await waitUntil("the 997", () => written().length === 1);
    const [name = ""] = written();
    expect(name).to.match(/^997_CPC_000001644_\d+\.edi$/);
    const ack = readX12(readFileSync(join(files.out, name)));
    expect(said(ack)).to.deep.equal(["group_received"]);
    expect(readFileSync(join(files.out, name), "latin1")).to.include("AK9*A*19*19*19~");
  });

  it("what was loaded goes to an Odoo that knows such facts, its words alone to an older one", async () => {
    const segments = [
      "W06*F*SO1*20260710*SM7",
      "N1*SF*W",
      "N4*RENO*NV**US",
      "W12*CC*5*3**EA**VN*A",
    ];
    for (const [contract, isKept] of [["1.5", true] as const, ["1.4", false] as const]) {
      odoo.contract = contract;
      const batches = odoo.batches.length;
      await start(`loaded-${contract}`, { folder: files, webhook: undefined });
      const body = interchange("945", [segments], { functionalId: "SW" });
      writeFileSync(join(files.in, `advice-${contract}.edi`), body);
      await waitUntil("the loading in Odoo", () => odoo.batches.length > batches);
      const [loading] = odoo.batches.at(-1)?.facts ?? [];
      expect(loading).to.include({ code: "loaded", raw_text: "shipped 3 of 5 EA A" });
      expect(loading !== undefined && "loaded" in loading, contract).to.equal(isKept);
      await bridge?.stop();
      bridge = undefined;
    }
  });

  it("of a file with a group in an unknown version the others are read at once, it when it is allowed", async () => {
    const replies = place("out-mixed");
    mkdirSync(replies);
    const mixed = { ...files, out: replies };
    await start("mixed", { folder: mixed, webhook: undefined });
    const group = (version: string, control: number, event: string) =>
      `GS*QM*CARRIER*SHIPPER*20261120*1200*${control}*X*${version}~ST*214*0001~` +
      `B10*PRO${control}*SHIP${control}*SCAC~LX*1~${event}~SE*5*0001~GE*1*${control}~`;
    writeFileSync(
      join(files.in, "mixed.edi"),
      "ISA*00*          *00*          *ZZ*CARRIER        *ZZ*SHIPPER        *261120*1200*U*00401*000000043*0*P*>~" +
        group("003060", 1, "AT7*AF*NS***20261119*0800*CT") +
        group("004010", 2, "AT7*D1*NS***20261120*1015*CT") +
        "IEA*2*000000043~",
    );
    await waitUntil("the fact of the known group", () => odoo.facts.size === 1);
    const quarantine = async () =>
      (await (await askAdmin(`${bridge?.urls.admin}/quarantine`)).json()) as Array<{
        problem: Record<string, string>;
      }>;
    await waitUntil("quarantine", async () => (await quarantine()).length === 1);
    expect((await quarantine())[0]?.problem).to.include({
      code: "unknown_version",
      path: "ISA1/GS1/GS-08",
    });
    expect(readdirSync(replies).filter((it) => it.endsWith(".edi"))).to.deep.equal([]);

    await bridge?.stop();
    const settings = { accept_versions: ["003060"] };
    await start("mixed", { folder: mixed, webhook: undefined, settings });
    await askAdmin(`${bridge?.urls.admin}/quarantine/release`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ connection: "acme" }),
    });
    await waitUntil("the other fact", () => odoo.facts.size === 2);
    await waitUntil(
      "a 997 for each group",
      () => readdirSync(replies).filter((it) => it.endsWith(".edi")).length === 2,
    );
    expect(await quarantine()).to.deep.equal([]);
  });

  it("another partner's interchange is neither read nor answered, until its sender is one of ours", async () => {
    const replies = place("out-foreign");
    mkdirSync(replies);
    const foreign = { ...files, out: replies };
    const us = { sender: "SHIPPER", receiver: "ACME" };
    await start("foreign", { folder: foreign, webhook: undefined, settings: { interchange: us } });
    writeFileSync(join(files.in, "foreign.edi"), status214("AT7*D1*NS***20261120*1015*CT"));
    const quarantine = async () =>
      (await (await askAdmin(`${bridge?.urls.admin}/quarantine`)).json()) as Array<{
        problem: Record<string, string>;
      }>;
    await waitUntil("quarantine", async () => (await quarantine()).length === 1);
    expect((await quarantine())[0]?.problem).to.deep.include({
      code: "foreign_interchange",
      reason:
        'x12: the interchange is from "CARRIER" to "SHIPPER"; ' +
        'this connection\'s are from "ACME" to "SHIPPER"',
      path: "ISA1-06",
    });
    expect([odoo.facts.size, readdirSync(replies)]).to.deep.equal([0, []]);

    await bridge?.stop();
    const settings = { interchange: { ...us, also_from: ["CARRIER"] } };
    await start("foreign", { folder: foreign, webhook: undefined, settings });
    await askAdmin(`${bridge?.urls.admin}/quarantine/release`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ connection: "acme" }),
    });
    await waitUntil("the fact", () => odoo.facts.size === 1);
    await waitUntil("the 997", () => readdirSync(replies).some((it) => it.endsWith(".edi")));
    expect(await quarantine()).to.deep.equal([]);
  });

  it("an order in Odoo's outbox becomes one 204 in that folder", async () => {
    const settings = {
      interchange: { sender: "ACME", receiver: "CARRIER" },
      outbound_folder: "tenders",
    };
    odoo.outbox.push(outboxItem(7));
    await start("orders", { folder: files, settings, webhook: undefined });
    await waitUntil("the acknowledgement", () => odoo.acknowledgements.length === 1);
    expect(odoo.acknowledgements[0]).to.deep.include({
      result: "accepted",
      identifiers: [
        { type: "shipment_id", value: "SHP/7" },
        { type: "entity", value: "SM/7" },
      ],
    });
    expect(readdirSync(join(files.out, "tenders"))).to.deep.equal(["204_SHP_7_000000007.edi"]);
    const text = readFileSync(join(files.out, "tenders", "204_SHP_7_000000007.edi"), "latin1");
    expect(said(readX12(text))).to.deep.equal([]);
  });

  it("what is no X12 is told to the sender of a webhook at once", async () => {
    const verifier = {
      scheme: "token",
      header: "x-token",
      prefix: "",
      keys: [{ secret: HOOK_SECRET }],
    };
    await start("webhook", { webhook: { verifier } });
    const post = (body: string) =>
      fetch(`${bridge?.urls.intake}/webhooks/acme`, {
        method: "POST",
        headers: { "content-type": "application/edi-x12", "x-token": HOOK_SECRET },
        body,
      });
    const kept = await post("UNB+UNOA:1+A+B'");
    expect(kept.status).to.equal(202);
    expect(await kept.text()).to.include("not_x12");
    expect((await post(fixture("apimeister_214_two_sets_osd.edi").toString())).status).to.be.within(
      200,
      299,
    );
    await waitUntil("3 facts in Odoo", () => odoo.facts.size === 3);
  });
});
