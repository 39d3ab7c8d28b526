import { Command } from "commander";
import { expect } from "chai";
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandKit } from "../../bridge/commands/command_kit.ts";
import { addKeyCommands } from "../../bridge/commands/keys.ts";
import type { Config } from "../../bridge/config.ts";
import { openExchange } from "../../bridge/main.ts";
import type { Store } from "../../bridge/store/store.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { temporaryDirectory, testConfig } from "../bridge_kit/test_bridge.ts";
import type { OpenStore } from "../store/store_contract.ts";

describe("milepost keys", () => {
  let directory: string;
  let config: Config;
  let open: OpenStore;
  let odoo: FakeOdoo;
  let printed: unknown[];

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    directory = temporaryDirectory();
    config = testConfig({ odooUrl: odoo.url, dataDir: directory });
    open = await openSqlite(directory);
    printed = [];
  });
  afterEach(async () => {
    await open.dispose();
    rmSync(directory, { recursive: true, force: true });
    await odoo.stop();
  });

  const milepost = (...args: string[]) => withStore((it) => it(open.store), ...args);
  const withStore = (work: CommandKit["withStore"], ...args: string[]) => {
    const kit: CommandKit = {
      config: () => config,
      exchange: (api_key = config.odoo.api_key) =>
        openExchange({ ...config, odoo: { ...config.odoo, api_key } }),
      withStore: work,
      readStore: work,
      print: (data) => void printed.push(data),
    };
    const program = new Command().exitOverride();
    addKeyCommands(program, kit);
    return program.parseAsync(["keys", ...args], { from: "user" });
  };

  it("makes keys of the store, lists them and rotates the one in data_dir", async () => {
    await milepost("new");
    expect(Buffer.from((printed[0] as { key: string }).key, "base64")).to.have.length(32);
    await milepost("rotate", "store");
    await milepost("list");
    expect(printed[2]).to.deep.equal([
      { id: "own-2", seals: true, needed: true, here: true },
      { id: "own-1", seals: false, needed: true, here: true },
    ]);
    expect((await open.store.audit.list(1))[0]?.action).to.equal("store key rotated");
  });

  it("puts a new API key of Odoo in place of the old one, tried before, and says it to the audit", async () => {
    const file = join(directory, "credential");
    writeFileSync(file, "key-1\n");
    chmodSync(file, 0o640);
    await milepost("rotate", "odoo", "--to", file);
    expect(readFileSync(file, "utf8")).to.equal("key-1-new\n");
    expect(statSync(file).mode & 0o777).to.equal(0o640);
    const [entry] = await open.store.audit.list(1);
    expect(entry?.action).to.equal("odoo key rotated");
    expect(JSON.stringify([entry, printed])).not.to.include("key-1-new");
  });

  it("rotates no key while the store cannot be opened, and none twice because its audit is full", async () => {
    await milepost("rotate", "store");
    const [own, file] = [join(directory, "store.keys"), join(directory, "credential")];
    writeFileSync(file, "key-1\n");
    const before = readFileSync(own, "utf8");
    const asked: string[] = [];
    odoo.intercept = ({ method }) => void asked.push(method);
    const shut = () => Promise.reject(new Error("the store cannot be opened"));
    for (const what of [["store"], ["odoo", "--to", file]]) {
      const said = await withStore(shut, "rotate", ...what).then(
        () => "done",
        (error: Error) => error.message,
      );
      expect(said).to.equal("the store cannot be opened");
    }
    expect([readFileSync(own, "utf8"), readFileSync(file, "utf8")]).to.deep.equal([
      before,
      "key-1\n",
    ]);
    expect(asked).to.deep.equal([]);

    const full = (it: (store: Store) => Promise<void>) =>
      it({
        ...open.store,
        audit: { ...open.store.audit, record: () => Promise.reject(new Error("full")) },
      });
    await withStore(full, "rotate", "store");
    expect(printed.at(-1)).to.deep.equal({ key: "own-3" });
  });

  it("leaves the old key where the new one does not open Odoo", async () => {
    const file = join(directory, "credential");
    writeFileSync(file, "key-1\n");
    odoo.intercept = ({ method }) =>
      method === "hello" ? { raises: "AccessDenied" as const } : undefined;
    const code = await milepost("rotate", "odoo", "--to", file).then(
      () => "done",
      (error: { code: string }) => error.code,
    );
    expect(code).to.equal("odoo_unauthorized");
    expect(readFileSync(file, "utf8")).to.equal("key-1\n");
  });
});
