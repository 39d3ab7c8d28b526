import { expect } from "chai";
import { Command } from "commander";
import type { CommandKit } from "../../bridge/commands/command_kit.ts";
import { addCompareCommand } from "../../bridge/commands/compare.ts";
import { readAsked, writeResult } from "../../bridge/comparing/comparison_state.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import type { OpenStore } from "../store/store_contract.ts";

describe("milepost compare", () => {
  let open: OpenStore;
  let printed: string;
  beforeEach(async () => {
    open = await openSqlite();
    const since = "2026-11-23T03:00:00Z";
    const found = [
      { id: 17, shipment: "SHP/00017", kind: "missing" as const, said: "no such order", since },
    ];
    const faults = [{ id: 21, shipment: "SHP/00021", why: "the answer is no JSON" }];
    const result = { at: since, asked: 9, unsure: 1, why: null, found, faulty: 1, faults };
    await writeResult(open.store.properties, "acme", result);
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
    addCompareCommand(program, kit as CommandKit);
    await program.parseAsync(["compare", ...args], { from: "user" });
    return printed;
  }
  const failure = (...args: string[]) => milepost(...args).catch((error: Error) => error.message);

  it("shows each difference with its repair, and which connection was not compared", async () => {
    const text = await milepost();
    expect(text).to.include(
      "acme: 9 orders asked for at 2026-11-23T03:00:00Z, 1 of them not told; 1 could not be compared",
    );
    expect(text).to.match(/21 +acme +SHP\/00021 +the answer is no JSON/);
    expect(text).to.match(/17 +acme +SHP\/00017 .* missing +order again +no such order/);
    expect(text).to.include("quiet: not compared yet");
    expect(await milepost("quiet")).to.include("nothing differs");
  });

  it("asks the running bridge to compare, or to repair, with an entry in the audit", async () => {
    await milepost("--now");
    await milepost("acme", "--repair", "17");
    const { properties, audit } = open.store;
    expect(await readAsked(properties, "acme")).to.deep.equal({ compare: true, repair: [17] });
    expect(await readAsked(properties, "quiet")).to.deep.equal({ compare: true, repair: [] });
    expect((await audit.list(1))[0]).to.include({ action: "orders repaired" });
  });

  it("repairs nothing that is not known to differ", async () => {
    expect(await failure("acme", "--repair", "18")).to.include(
      "Order 18 of acme differs in nothing",
    );
    expect(await failure("--repair", "17")).to.include("say of which connection");
    expect(await failure("acem")).to.equal("There is no connection acem");
  });
});
