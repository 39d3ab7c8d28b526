import { expect } from "chai";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";

describe("the metrics of a bridge to which nothing happened yet", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;
  before(async () => {
    odoo = await new FakeOdoo().start();
    bridge = await TestBridge.start({ odooUrl: odoo.url, peerUrl: odoo.url });
  });
  after(async () => {
    await bridge.stop();
    await odoo.stop();
  });

  it("are there with 0: what is at the door, in the queue, on the way out, retried, given up", async () => {
    const text = await (await askAdmin(`${bridge.admin}/metrics`)).text();
    for (const series of [
      'inbox_messages_total{connection="acme",channel="webhook",result="accepted"}',
      'inbox_messages_total{connection="acme",channel="webhook",result="duplicate"}',
      'inbox_messages_total{connection="acme",channel="webhook",result="401"}',
      'facts_total{connection="acme",status="rejected"}',
      'queue_depth{state="ready",priority="billing"}',
      'queue_oldest_age_seconds{state="waiting",priority="position"}',
      'stage_duration_seconds_count{stage="deliver"}',
      'end_to_end_seconds_count{priority="billing"}',
      'http_client_duration_seconds_count{target="odoo",status_class="5xx"}',
      'http_client_duration_seconds_count{target="acme",status_class="error"}',
      'retries_total{code="odoo_timeout"}',
      'dead_letters_total{connection="acme",stage="deliver"}',
      'dead_letters_open{connection="acme"}',
      'quarantine_open{connection="acme"}',
      'breaker_open{connection="acme"}',
      'paused{scope="store",connection=""}',
      'paused{scope="poll",connection="acme"}',
      'orders_total{connection="acme",result="rejected"}',
      'events_total{connection="acme",result="retry"}',
      'replies_total{connection="acme",result="dead"}',
      "backup_last_timestamp_seconds",
    ])
      expect(text).to.include(`\nmilepost_${series} 0\n`);
  });
});
