import { Command } from "commander";
import { expect } from "chai";
import { rmSync } from "node:fs";
import type { CommandKit } from "../../bridge/commands/command_kit.ts";
import { addEventCommands } from "../../bridge/commands/events.ts";
import { openExchange } from "../../bridge/main.ts";
import type { Store } from "../../bridge/store/store.ts";
import { FakeOdoo } from "../bridge_kit/fake_odoo.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import { temporaryDirectory, testConfig } from "../bridge_kit/test_bridge.ts";
import type { OpenStore } from "../store/store_contract.ts";

describe("milepost events", () => {
  let directory: string;
  let open: OpenStore;
  let odoo: FakeOdoo;
  let asked: Array<Record<string, unknown>>;
  let printed: unknown[];

  beforeEach(async () => {
    odoo = await new FakeOdoo().start();
    odoo.contract = "1.5";
    asked = [];
    odoo.intercept = ({ method, args }) => {
      if (method !== "replay_events") return undefined;
      asked.push(args);
      return { value: { events: 3, withheld: 1, more: false } };
    };
    directory = temporaryDirectory();
    open = await openSqlite(directory);
    printed = [];
  });
  afterEach(async () => {
    await open.dispose();
    rmSync(directory, { recursive: true, force: true });
    await odoo.stop();
  });

  const replay = (...args: string[]) => {
    const config = testConfig({ odooUrl: odoo.url, dataDir: directory });
    const work = (it: (store: Store) => Promise<void>) => it(open.store);
    const kit: CommandKit = {
      config: () => config,
      exchange: () => openExchange(config),
      withStore: work,
      readStore: work,
      print: (data, text) => void printed.push(data, text(data)),
    };
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    addEventCommands(program, kit);
    const { commands } = program.commands[0]!;
    commands[0]!.exitOverride().configureOutput({ writeErr: () => {} });
    const given = ["events", "replay", "--connection", "acme", ...args];
    return program.parseAsync(given, { from: "user" });
  };

  it("says how many first, and who told them again to the audit", async () => {
    await replay("--since", "2026-11-20T09:00:00+01:00", "--dry-run");
    expect(asked).to.deep.equal([
      { connection: "acme", since: "2026-11-20 08:00:00", state: null, dry_run: true },
    ]);
    expect(printed[1]).to.equal(
      "3 would be told again, 1 withheld: they were made under other rights",
    );
    expect(await open.store.audit.list(10)).to.deep.equal([]);
    await replay("--since", "2026-11-20T08:00:00Z", "--state", "rejected");
    expect(asked[1]).to.include({ state: "rejected", dry_run: false });
    const [entry] = await open.store.audit.list(10);
    expect(entry?.action).to.equal("events replayed");
    expect(entry?.detail).to.deep.include({ connection: "acme", state: "rejected", count: 3 });
  });

  it("wants a time with its zone, and an addon that knows events", async () => {
    const refusal = async (...args: string[]) => {
      const outcome: unknown = await replay(...args).catch((it: unknown) => it);
      return (outcome as Error).message;
    };
    expect(await refusal("--since", "2026-11-20T08:00:00")).to.include("zone");
    odoo.contract = "1.4";
    expect(await refusal("--since", "2026-11-20T08:00:00Z")).to.include("1.4");
    expect(asked).to.deep.equal([]);
  });
});
