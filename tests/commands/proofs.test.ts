import { expect } from "chai";
import { Command } from "commander";
import type { CommandKit } from "../../bridge/commands/command_kit.ts";
import { addProofCommands } from "../../bridge/commands/proofs.ts";
import { openSqlite } from "../bridge_kit/sqlite_store.ts";
import type { OpenStore } from "../store/store_contract.ts";

describe("milepost proofs", () => {
  let open: OpenStore;
  let printed: string;
  beforeEach(async () => {
    open = await openSqlite();
    const { inbox, proofLinks } = open.store;
    const message = {
      connection: "acme",
      channel: "webhook" as const,
      contentType: "",
      body: Buffer.from("{}"),
      attributes: {},
      dedupeKey: "1",
      receivedAt: 5,
    };
    const [{ id } = { id: "" }] = await inbox.accept([message]);
    const proof = { identifiers: [], applies_to: "one" as const, recorded_at: "" };
    const url = "https://files.acme.example/17?sig=s3cret";
    await proofLinks.add("acme", id, [{ url, name: "POD 17", lane: "T1", proof }], 5);
    const [link] = await proofLinks.open();
    const given = { state: "refused" as const, attempts: 9, dueAt: 0, code: "link_host", told: "" };
    await proofLinks.settle(link?.id ?? "", given);
  });
  afterEach(() => open.dispose());

  async function milepost(...args: string[]) {
    const work = (todo: (store: OpenStore["store"]) => Promise<void>) => todo(open.store);
    const kit: Partial<CommandKit> = {
      readStore: work,
      withStore: work,
      print: (data, text) => void (printed = text(data)),
    };
    const program = new Command();
    addProofCommands(program, kit as CommandKit);
    await program.parseAsync(["proofs", ...args], { from: "user" });
    return printed;
  }

  it("lists what is not here and why, without what would let in a reader", async () => {
    const text = await milepost("list");
    expect(text).to.include("files.acme.example POD 17").and.include("link_host");
    expect(text).not.to.include("s3cret");
    expect(await milepost("list", "globex")).to.equal("every proof that partners link to is here");
  });

  it("has them tried again, with an entry in the audit", async () => {
    expect(await milepost("fetch")).to.include("1 proofs are tried again");
    expect(await open.store.proofLinks.due("acme", 10, 5)).to.have.length(1);
    expect((await open.store.audit.list(1))[0]).to.include({ action: "proofs fetched again" });
    const failed = await milepost("fetch", "abcdef").catch((error: Error) => error.message);
    expect(failed).to.equal("There is no proof abcdef to be fetched");
  });
});
