import { expect } from "chai";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

describe("the figures of Odoo", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;
  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    odoo.contract = "1.1";
  });
  afterEach(async () => {
    await bridge.stop();
    await odoo.stop();
  });
  const metrics = async () => (await askAdmin(`${bridge.admin}/metrics`)).text();
  const told = (line: string) =>
    waitUntil(line, async () => (await metrics()).includes(`\nmilepost_business_${line}\n`));

  it("are told as metrics, a median of nothing as no number", async () => {
    bridge = await TestBridge.start({ odooUrl: odoo.url, peerUrl: odoo.url });
    await told('holds{reason="pod_missing"} 4');
    await told('readiness_seconds{quantile="0.5"} 7200');
    await told('readiness_seconds{quantile="0.9"} Nan');
    await told('uptime_ratio{connection="acme"} 0.999');
  });

  it("say of orders that no way leads to the partner, on the connection in Odoo and in the status", async () => {
    odoo.ordersWaiting = { acme: 3 };
    bridge = await TestBridge.start({ odooUrl: odoo.url });
    const reported = () => odoo.statuses.find((it) => it.reason.includes("no way to send them"));
    await waitUntil("the pause in Odoo", () => reported() !== undefined);
    expect(reported()).to.deep.include({ connection: "acme", state: "paused" });
    const status = await (await askAdmin(`${bridge.admin}/status`)).text();
    expect(status).to.include("order_no_way").and.include("3 orders wait in Odoo");
    await told('orders_waiting{connection="acme"} 3');
  });

  it("say of orders whose answer is overdue, as metrics and in the status", async () => {
    odoo.ordersUnanswered = { acme: 2 };
    bridge = await TestBridge.start({ odooUrl: odoo.url, peerUrl: odoo.url });
    await told('orders_unanswered{connection="acme"} 2');
    await told('orders_unanswered_seconds{connection="acme"} 18000');
    const status = (await (await askAdmin(`${bridge.admin}/status`)).json()) as {
      unanswered: object[];
      advice: Array<{ what: string }>;
    };
    expect(status.unanswered).to.have.length(1);
    expect(status.unanswered[0]).to.include({ connection: "acme", count: 2 });
    expect(status.advice.map((it) => it.what)).to.include(
      "2 orders to acme lack an answer that is overdue",
    );
  });

  it("are not asked of an older addon, with which everything else works", async () => {
    odoo.contract = "1.0";
    const asked: string[] = [];
    odoo.intercept = ({ method }) => void asked.push(method);
    bridge = await TestBridge.start({ odooUrl: odoo.url, peerUrl: odoo.url });
    await bridge.post({ trip: "t", events: [{ code: "C", at: "2026-11-23T08:00:00Z" }] });
    await waitUntil("the fact in Odoo", () => odoo.facts.size === 1);
    expect(asked).to.not.include("figures");
  });

  it("come with members that a newer addon added, and so does every other answer", async () => {
    odoo.contract = "1.9";
    odoo.verdict = () => ({ from_later: true }) as object;
    const value = { ...odoo.figures(), from_later: { any: 1 } };
    odoo.intercept = ({ method }) => (method === "figures" ? { value } : undefined);
    bridge = await TestBridge.start({ odooUrl: odoo.url, peerUrl: odoo.url });
    await told('unmatched_facts{connection="acme"} 2');
    await bridge.post({ trip: "t", events: [{ code: "D", at: "2026-11-23T08:00:00Z" }] });
    await waitUntil("the fact settled", async () =>
      (await metrics()).includes('facts_total{connection="acme",status="accepted"} 1'),
    );
  });
});
