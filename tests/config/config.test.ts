import { expect } from "chai";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { checkConfig, effectiveConfig, loadConfig, parseConfig } from "../../bridge/config.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { sources as allSources } from "../../bridge/sources/registry.ts";
import { testTree } from "../bridge_kit/test_bridge.ts";
import { testSources } from "../bridge_kit/test_source.ts";

const MINIMAL = `
environment: test
data_dir: /tmp/milepost
odoo: { url: "http://odoo:8069", database: prod, api_key: { env: KEY } }
`;

function refusal(work: () => unknown): MilepostError {
  try {
    work();
  } catch (error) {
    if (error instanceof MilepostError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const parse = (text: string, environment: Record<string, string> = { KEY: "k" }) =>
  parseConfig(text, environment, testSources);

describe("the configuration", () => {
  it("refuses files for what is not sent as files", () => {
    const folder = { out: "/srv/out" };
    const of = (source: string, settings: object = {}) => {
      const connection = { source, settings, webhook: undefined, folder };
      const tree = testTree({ odooUrl: "http://odoo", dataDir: "/tmp", connection });
      return () => checkConfig(tree, {}, allSources);
    };
    expect(of("otm5")).to.throw("connections.0.folder.out: a cancellation by DELETE is no file");
    expect(of("otm5", { orders: { cancellation: "update_event" } })).not.to.throw();
    expect(of("karrio")).to.throw("source karrio sends nothing to a partner");
  });

  it("fills in defaults and freezes what it gives", () => {
    const config = parse(MINIMAL);
    expect(config.odoo).to.include({ transport: "json2", lanes: 2, batch_facts: 500 });
    expect(config.admin.host).to.equal("127.0.0.1");
    expect(() => Object.assign(config.odoo, { lanes: 9 })).to.throw(TypeError);
  });

  it("refuses an unknown key with its path and the name that was probably meant", () => {
    const error = refusal(() => parse(MINIMAL.replace("database:", "databse:")));
    expect(error.code).to.equal("config_invalid");
    expect(error.message).to.include('odoo.databse: unknown key, did you mean "database"?');
  });

  it("refuses an unknown key inside a list and inside alternatives", () => {
    const tree = testTree({ odooUrl: "http://odoo", dataDir: "/tmp" });
    const [connection] = tree["connections"] as Array<Record<string, unknown>>;
    connection!["webhook"] = {
      verifier: { scheme: "hmac", header: "x", keys: [{ secret: "s" }], tolerance: 3 },
    };
    const error = refusal(() => checkConfig(tree, {}, testSources));
    expect(error.message).to.include("connections.0.webhook.verifier.tolerance: unknown key");
    expect(error.hint).to.equal('did you mean "tolerance_seconds"?');
  });

  it("refuses a setting that the source does not know", () => {
    const tree = testTree({
      odooUrl: "http://odoo",
      dataDir: "/tmp",
      connection: { settings: { zoen: "x" } },
    });
    const error = refusal(() => checkConfig(tree, {}, testSources));
    expect(error.message).to.include('zoen: unknown key, did you mean "zone"?');
    expect(error.path).to.include("connections.0.settings");
  });

  it("refuses an unknown source, doubled codes and a webhook without a key", () => {
    const bad = (connection: Record<string, unknown>) =>
      refusal(() =>
        checkConfig(
          testTree({ odooUrl: "http://odoo", dataDir: "/tmp", connection }),
          {},
          testSources,
        ),
      );
    expect(bad({ source: "tinny" }).hint).to.equal('did you mean "tiny"?');
    const keyless = { verifier: { scheme: "hmac", header: "x", keys: [] } };
    expect(bad({ webhook: keyless }).message).to.include("without a secret nothing is let in");
    const tree = testTree({ odooUrl: "http://odoo", dataDir: "/tmp" });
    const connections = tree["connections"] as unknown[];
    connections.push(structuredClone(connections[0]));
    expect(refusal(() => checkConfig(tree, {}, testSources)).message).to.include("twice");
  });

  it("wants a token when the admin port leaves loopback, and a login for XML-RPC", () => {
    expect(refusal(() => parse(`${MINIMAL}admin: { host: 0.0.0.0 }`)).path).to.equal("admin.token");
    const xmlrpc = MINIMAL.replace("database:", "transport: xmlrpc, database:");
    expect(refusal(() => parse(xmlrpc)).path).to.equal("odoo.login");
  });

  it("refuses doubled keys and broken YAML", () => {
    expect(refusal(() => parse(`${MINIMAL}environment: again`)).message).to.include("not YAML");
    expect(refusal(() => parse("a: [")).message).to.include("not YAML");
  });

  it("takes environment variables over the file, with numbers as numbers", () => {
    const config = parse(MINIMAL, {
      KEY: "k",
      MILEPOST_ODOO__DATABASE: "012",
      MILEPOST_INTAKE__PORT: "9001",
      MILEPOST_ODOO__API_KEY: "12345",
    });
    expect(config.odoo.database).to.equal("012");
    expect(config.intake.port).to.equal(9001);
    expect(config.odoo.api_key.reveal()).to.equal("12345");
  });

  it("names the environment variable that is wrong", () => {
    const error = refusal(() => parse(MINIMAL, { KEY: "k", MILEPOST_ODOO__DATABSE: "x" }));
    expect(error.message).to.include("(from MILEPOST_ODOO__DATABSE)").and.include('"database"');
    const port = refusal(() => parse(MINIMAL, { KEY: "k", MILEPOST_INTAKE__PORT: "many" }));
    expect(port.message).to.include("intake.port").and.include("(from MILEPOST_INTAKE__PORT)");
  });

  it("overrides a connection by its code", () => {
    const yaml = `${MINIMAL}
connections:
  - code: acme-eu
    source: tiny
    peer: { base_url: "http://a" }
`;
    const config = parse(yaml, {
      KEY: "k",
      MILEPOST_CONNECTIONS__ACME_EU__PEER__BASE_URL: "http://b",
    });
    expect(config.connections[0]?.peer?.base_url).to.equal("http://b");
  });

  it("takes a variable that ends like a file's for the key of that name", () => {
    const config = parse(MINIMAL, { KEY: "k", MILEPOST_ODOO__CA_FILE: "/etc/ca.pem" });
    expect(config.odoo.ca_file).to.equal("/etc/ca.pem");
  });

  it("refuses what two variables, or two connections, share", () => {
    const file = join(mkdtempSync(join(tmpdir(), "milepost-")), "key");
    writeFileSync(file, "k2");
    const both = { KEY: "k", MILEPOST_ODOO__API_KEY: "k1", MILEPOST_ODOO__API_KEY_FILE: file };
    expect(refusal(() => parse(MINIMAL, both))).to.include({ path: "odoo.api_key" });
    const gone = { KEY: "k", MILEPOST_ODOO__API_KEY_FILE: "/nowhere/key" };
    expect(refusal(() => parse(MINIMAL, gone))).to.include({ path: "odoo.api_key" });
    const yaml = `${MINIMAL}
connections:
  - { code: acme-eu, source: tiny, peer: { base_url: "http://a" } }
  - { code: acme_eu, source: tiny, peer: { base_url: "http://a" } }
`;
    const variable = { KEY: "k", MILEPOST_CONNECTIONS__ACME_EU__PEER__BASE_URL: "http://b" };
    expect(refusal(() => parse(yaml, variable)).message).to.include("acme-eu and acme_eu");
    expect(parse(yaml).connections).to.have.length(2);
  });

  it("says which key is misspelt where several shapes are allowed", () => {
    const secret = refusal(() => parse(MINIMAL.replace("{ env: KEY }", "{ credentials: x }")));
    expect(secret.message).to.include("odoo.api_key.credentials: unknown key");
    expect(secret.hint).to.include('"credential"');
    const webhook = "webhook: { verifier: { shceme: token, keys: [{ secret: s }] } }";
    const yaml = `${MINIMAL}\nconnections: [{ code: a, source: tiny, ${webhook} }]`;
    const scheme = refusal(() => parse(yaml));
    expect(scheme).to.include({ path: "connections.0.webhook.verifier.shceme" });
    expect(scheme.hint).to.include('"scheme"');
  });

  it("ends with a clear error on aliases that unfold without end", () => {
    const levels = "bcdefghi"
      .split("")
      .map((it, n) => `${it}: &${it} [${Array(9).fill(`*${"abcdefgh"[n]}`).join(", ")}]`);
    const bomb = `${MINIMAL}\na: &a [1, 2]\n${levels.join("\n")}\n`;
    expect(refusal(() => parse(bomb))).to.include({ code: "config_invalid" });
  });

  it("asks for secrets only when they are used, where that is enough", () => {
    const yaml = MINIMAL.replace("env: KEY", "credential: odoo_key");
    const config = parseConfig(yaml, {}, testSources, "when used");
    expect(config.data_dir).to.equal("/tmp/milepost");
    expect(refusal(() => config.odoo.api_key.reveal())).to.include({ code: "config_invalid" });
  });

  it("reads secrets from systemd credentials, files and _FILE variables", () => {
    const directory = mkdtempSync(join(tmpdir(), "milepost-"));
    writeFileSync(join(directory, "odoo_key"), "from-credential\n");
    const yaml = MINIMAL.replace("env: KEY", "credential: odoo_key");
    const config = parse(yaml, { CREDENTIALS_DIRECTORY: directory });
    expect(config.odoo.api_key.reveal()).to.equal("from-credential");
    const file = join(directory, "odoo_key");
    const byFile = parse(MINIMAL, { KEY: "k", MILEPOST_ODOO__API_KEY_FILE: file });
    expect(byFile.odoo.api_key.reveal()).to.equal("from-credential");
    expect(refusal(() => parse(yaml, {})).message).to.include("CREDENTIALS_DIRECTORY");
    expect(refusal(() => parse(MINIMAL, {})).message).to.include(
      "environment variable KEY is not set",
    );
  });

  it("never shows a secret", () => {
    const config = parse(MINIMAL, { KEY: "canary-secret" });
    const shown =
      JSON.stringify(effectiveConfig(config)) +
      inspect(config, { depth: 9 }) +
      String(config.odoo.api_key);
    expect(shown).to.include("***").and.not.include("canary");
  });

  it("says what to do when the file is missing", () => {
    const error = refusal(() => loadConfig("/nowhere/config.yaml", {}, testSources));
    expect(error.hint).to.include("config.example.yaml");
  });
});

describe("the example configuration", () => {
  const file = new URL("../../deploy/config.example.yaml", import.meta.url);
  const text = readFileSync(file, "utf8");

  it("is valid as it stands", () => {
    const directory = mkdtempSync(join(tmpdir(), "milepost-"));
    for (const [, name] of text.matchAll(/credential: (\w+)/g)) {
      writeFileSync(join(directory, name ?? ""), "c2VjcmV0");
    }
    const sources = new Map([...testSources, ...allSources]);
    const tiny = testSources.get("tiny")!;
    if (!sources.has("otm5")) {
      const anything = { safeParse: (data: unknown) => ({ success: true, data }) };
      sources.set("otm5", { ...tiny, id: "otm5", settings: anything as never });
    }
    const config = parseConfig(text, { CREDENTIALS_DIRECTORY: directory }, sources);
    expect(config.connections.length).to.be.greaterThan(0);
  });

  it("shows every key that there is", async () => {
    const { z } = await import("zod");
    const { configType } = await import("../../bridge/config/schema.ts");
    const schema = z.toJSONSchema(configType({}), { io: "input", unrepresentable: "any" });
    const names = new Set<string>();
    const collect = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      const { properties, ...rest } = node as { properties?: Record<string, unknown> };
      for (const [name, inner] of Object.entries(properties ?? {})) {
        names.add(name);
        collect(inner);
      }
      for (const inner of Object.values(rest)) collect(inner);
    };
    collect(schema);
    const missing = [...names].filter((name) => !new RegExp(`\\b${name}:`).test(text));
    expect(missing).to.deep.equal([]);
  });
});
