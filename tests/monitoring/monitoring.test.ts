import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { askAdmin, TestBridge } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

interface Rule {
  alert: string;
  expr: string;
  annotations: { runbook: string };
}
interface RuleTests {
  tests: Array<{
    input_series: Array<{ series: string }>;
    alert_rule_test: Array<{ alertname: string; exp_alerts: unknown[] }>;
  }>;
}
const rules = (
  parse(read("deploy/monitoring/milepost.rules.yaml")) as { groups: Array<{ rules: Rule[] }> }
).groups.flatMap((group) => group.rules);
const board = JSON.parse(read("deploy/monitoring/grafana-milepost.json")) as {
  panels: Array<{ type: string; title: string; targets?: Array<{ expr: string }> }>;
};

/** Each series that an expression names: its name and its labels' names. */
function selectorsOf(expression: string): Array<{ name: string; labels: string[] }> {
  return [...expression.matchAll(/\b(milepost_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = "", labels = ""]) => ({
      name,
      labels: [...labels.matchAll(/(\w+)(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label),
    }),
  );
}

describe("what is shipped for monitoring", () => {
  let odoo: FakeOdoo;
  let bridge: TestBridge;
  let metrics: string;
  before(async () => {
    odoo = await new FakeOdoo().start();
    odoo.contract = "1.1";
    const keys = [{ secret: "hook", not_after: "2099-01-01T00:00:00Z" }];
    const webhook = { verifier: { scheme: "hmac", header: "x-signature", keys } };
    bridge = await TestBridge.start({
      odooUrl: odoo.url,
      peerUrl: odoo.url,
      connection: { webhook },
    });
    const ask = async () => (await askAdmin(`${bridge.admin}/metrics`)).text();
    await waitUntil("the figures", async () => (await ask()).includes("business_holds{"));
    metrics = await ask();
  });
  after(async () => {
    await bridge.stop();
    await odoo.stop();
  });

  const expressions = () => [
    ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
    ...board.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ where: title, expr })),
    ),
  ];

  const expectKnown = (where: string, expression: string) => {
    for (const { name, labels } of selectorsOf(expression)) {
      const line = metrics.split("\n").find((it) => it.match(/^\w+/)?.[0] === name);
      expect(line, `${where}: ${name}`).to.not.equal(undefined);
      for (const label of labels.filter((it) => it !== "instance"))
        expect(line, `${where}: ${name}`).to.include(`${label}="`);
    }
  };

  it("asks in rules and board only for series and labels that the bridge has", () => {
    expect(rules.length).to.be.greaterThan(20);
    for (const { where, expr } of expressions()) expectKnown(where, expr);
  });

  it("lets promtool fire each alert, on series that the bridge has", () => {
    const { tests } = parse(read("deploy/monitoring/milepost.rules.test.yaml")) as RuleTests;
    const fired = tests
      .flatMap((it) => it.alert_rule_test)
      .filter((it) => it.exp_alerts.length > 0);
    const names = new Set(fired.map((it) => it.alertname));
    expect([...names]).to.have.members(rules.map(({ alert }) => alert));
    for (const { series } of tests.flatMap((it) => it.input_series)) expectKnown("tests", series);
  });

  it("shows business and technical rows, and every metric of the bridge somewhere", () => {
    const rows = board.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).to.include.members(["Business", "Is it healthy"]);
    const shown = expressions().flatMap(({ expr }) => selectorsOf(expr).map(({ name }) => name));
    const base = (name: string) => name.replace(/_(bucket|count|sum)$/, "");
    const all = [...metrics.matchAll(/^# TYPE (milepost_\w+) /gm)].map(([, name = ""]) => name);
    const unseen = all.filter((name) => !shown.some((it) => base(it) === name || it === name));
    expect(unseen).to.deep.equal(["milepost_store_commit_group_size", "milepost_build_info"]);
  });

  it("has a section in the runbooks for each alert, and no section without one", () => {
    const runbooks = read("docs/runbooks.md");
    const sections = [...runbooks.matchAll(/^## (Milepost\w+)$/gm)].map(([, name = ""]) => name);
    expect(sections).to.have.members(rules.map(({ alert }) => alert));
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).to.equal(`docs/runbooks.md#${alert.toLowerCase()}`);
    }
  });
});
