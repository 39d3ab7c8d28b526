import { expect } from "chai";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Bundle,
  differences,
  makeBundle,
  readBundle,
  takePartners,
} from "../../bridge/partners/bundle.ts";
import { checkConfig } from "../../bridge/config.ts";
import { sources } from "../../bridge/sources/registry.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";

const HARBORLINE = new URL("../../deploy/partners/harborline.yaml", import.meta.url).pathname;
const ODOO = { format: 1, parts: [] };

describe("a bundle of configuration", () => {
  const directory = temporaryDirectory();
  after(() => rmSync(directory, { recursive: true, force: true }));

  /** The configuration of an environment, with the partner's file in a version. */
  function environment(name: string, version: number, more: object[] = [], webhook: object = {}) {
    const partners = join(directory, name);
    mkdirSync(partners, { recursive: true });
    writeFileSync(join(partners, "harborline.yaml"), partner(version));
    const verifier = { scheme: "standard_webhooks", keys: [{ secret: `secret-canary-${name}` }] };
    const auth = { type: "bearer", token: `token-canary-${name}` };
    const tree = {
      environment: name,
      data_dir: partners,
      partners_dir: partners,
      odoo: { url: "http://odoo", database: name, api_key: `key-canary-${name}` },
      connections: [
        {
          code: "tms",
          source: "otm5",
          webhook: { verifier, ...webhook },
          peer: { base_url: `https://${name}.example`, auth },
        },
        { code: "harborline", source: "mapped", settings: { partner: "harborline.yaml" } },
        ...more,
      ],
    };
    return checkConfig(tree, { HARBORLINE_WEBHOOK_SECRET: "hook-canary" }, sources);
  }
  const partner = (version: number) =>
    readFileSync(HARBORLINE, "utf8").replace("version: 1", `version: ${version}`);
  const bundleOf = (version: number, more: object[] = []) =>
    makeBundle(environment("test", version, more), ODOO, new Date());

  it("holds no secret, whatever is configured", () => {
    expect(JSON.stringify(bundleOf(1))).not.to.include("canary");
  });

  it("finds no difference in what is each environment's own: addresses, secrets, places", () => {
    expect(differences(bundleOf(1), environment("live", 1))).to.deep.equal([]);
  });

  it("says each member that differs, and each connection that is not there", () => {
    const bundle = bundleOf(1, [{ code: "new", source: "x12" }]);
    const found = differences(bundle, environment("live", 1, [], { rate_per_minute: 10 }));
    expect(found.map(({ where, text }) => `${where}: ${text}`)).to.deep.equal([
      "connection tms: /webhook/rate_per_minute is 10 here, 6000 in the bundle",
      "connection new: is not in the configuration",
    ]);
  });

  it("brings a partner's file of a higher version, and no other text under a version in use", () => {
    const live = environment("live", 1);
    const file = join(directory, "live/harborline.yaml");
    expect(takePartners(bundleOf(2), live)).to.deep.equal([file]);
    expect(readFileSync(file, "utf8")).to.equal(partner(2));
    const other: Bundle = {
      ...bundleOf(2),
      partners: { "harborline.yaml": `${partner(2)}# other\n` },
    };
    expect(takePartners(other, live)).to.deep.equal([]);
    expect(differences(other, live)[0]?.todo).to.include("needs a higher version");
  });

  it("is refused when it is none, or names files beside the partners'", () => {
    const file = join(directory, "bundle.json");
    copyFileSync(HARBORLINE, file);
    expect(() => readBundle(file)).to.throw("is no bundle");
    writeFileSync(file, JSON.stringify({ ...bundleOf(1), partners: { "../up.yaml": "" } }));
    expect(() => readBundle(file)).to.throw("is no bundle");
  });
});
