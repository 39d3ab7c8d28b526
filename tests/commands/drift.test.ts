import { expect } from "chai";
import { Command } from "commander";
import type { CommandKit } from "../../bridge/commands/command_kit.ts";
import { addDriftCommands } from "../../bridge/commands/drift.ts";
import { acceptDone, isAcceptAsked, writeState } from "../../bridge/drift/drift_state.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import type { OpenStore } from "../store/store_contract.ts";

describe("milepost drift", () => {
  let open: OpenStore;
  let printed: string;
  beforeEach(async () => {
    open = await openSqlite();
    const difference = { kind: "field_vanished" as const, of: "214", name: "214/AT7-05" };
    const found = [{ ...difference, before: 0.98, now: 0, since: "2026-11-29T07:00:00.000Z" }];
    const empty = { upTo: 0, since: 0, base: {}, window: {}, last: {} };
    await writeState(open.store.properties, "acme", { ...empty, found });
  });
  afterEach(() => open.dispose());

  async function milepost(...args: string[]) {
    const work = (todo: (store: OpenStore["store"]) => Promise<void>) => todo(open.store);
    const kit: Partial<CommandKit> = {
      config: () => ({ connections: [{ code: "acme" }, { code: "quiet" }] }) as never,
      readStore: work,
      withStore: work,
      print: (data, text) => void (printed = text(data)),
    };
    const program = new Command();
    addDriftCommands(program, kit as CommandKit);
    await program.parseAsync(["drift", ...args], { from: "user" });
    return printed;
  }

  it("shows what differs, in words, since when", async () => {
    const words = "214/AT7-05 is gone, it was in 98 % of the messages (214)";
    expect(await milepost("show"))
      .to.include(words)
      .and.include("2026-11-29T07:00:00.000Z");
    expect(await milepost("show", "quiet")).to.equal("nothing differs from what is usual");
  });

  it("asks the bridge to take it as usual, with an entry in the audit", async () => {
    expect(await milepost("accept", "acme")).to.include("1 differences of acme");
    const [entry] = await open.store.audit.list(1);
    expect(entry).to.include({ action: "drift accepted" });
    expect(await isAcceptAsked(open.store.properties, "acme")).to.equal(true);
    await acceptDone(open.store.properties, "acme");
    expect(await isAcceptAsked(open.store.properties, "acme")).to.equal(false, "once");
  });

  it("refuses a connection that there is not", async () => {
    const failed = await milepost("accept", "acem").catch((error: Error) => error.message);
    expect(failed).to.equal("There is no connection acem");
  });
});
