import { expect } from "chai";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { checkConfig } from "../../../bridge/config.ts";
import { createLogger } from "../../../bridge/logger.ts";
import { startBridge } from "../../../bridge/main.ts";
import { sources } from "../../../bridge/sources/registry.ts";
import { FakeOdoo } from "../../bridge_kit/fake_odoo.ts";
import { temporaryDirectory } from "../../bridge_kit/test_bridge.ts";
import { waitUntil } from "../../bridge_kit/wait_until.ts";
import { tree } from "./mapped_kit.ts";

describe("a partner that drops tables into a folder", function () {
  this.timeout(60_000);

  it("needs its file and nothing else", async () => {
    const directory = temporaryDirectory();
    const folder = (name: string) => join(directory, "files", name);
    for (const name of ["in", "archive", "error"]) mkdirSync(folder(name), { recursive: true });
    const partner = tree({
      format: "csv",
      transport: {
        folder: {
          in: folder("in"),
          archive: folder("archive"),
          error: folder("error"),
          settle_seconds: 0.1,
          interval_seconds: 0.1,
        },
      },
    });
    writeFileSync(join(directory, "acme.yaml"), stringify(partner));
    const odoo = await new FakeOdoo().start();
    const config = {
      environment: "test",
      data_dir: join(directory, "data"),
      partners_dir: directory,
      intake: { port: 0 },
      admin: { port: 0 },
      odoo: { url: odoo.url, database: "test", api_key: "key-1", probe_seconds: 0.2 },
      connections: [{ code: "acme", source: "mapped", settings: { partner: "acme.yaml" } }],
    };
    const bridge = await startBridge(checkConfig(config, {}, sources), {
      log: createLogger("silent"),
    });
    try {
      const rows = ["L1,DEL,2026-11-23T08:00:00Z", "L2,PU,2026-11-23 09:00", "L3,??,2026-11-23"];
      writeFileSync(join(folder("in"), "day.csv"), `load,code,at\n${rows.join("\n")}\n`);
      await waitUntil("the facts", () => odoo.facts.size === 3, 30_000);
      const [head] = odoo.batches[0]!.messages;
      expect(head).to.include({ mapping: "mapped:acme@1", channel: "folder" });
      expect(readdirSync(folder("archive"))).to.have.length(1);
    } finally {
      await bridge.stop();
      await odoo.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
