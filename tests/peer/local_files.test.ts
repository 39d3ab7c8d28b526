import { expect } from "chai";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TEMPORARY } from "../../bridge/peer/files.ts";
import { LocalFiles } from "../../bridge/peer/local_files.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";

describe("files of this machine", () => {
  const files = new LocalFiles();
  let folder: string;
  let outside: string;
  beforeEach(() => {
    folder = temporaryDirectory();
    outside = join(temporaryDirectory(), "secret");
    writeFileSync(outside, "not for partners");
  });
  afterEach(() => {
    for (const it of [folder, join(outside, "..")]) rmSync(it, { recursive: true });
  });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: { code: string }) => error.code,
    );

  it("are read through no link, also where one came after the look at the folder", async () => {
    symlinkSync(outside, join(folder, "order.edi"));
    const [entry] = await files.list(folder);
    expect(entry?.kind).to.equal("link");
    expect(await codeOf(files.read(join(folder, "order.edi"), 1000))).to.equal("file_not_regular");
  });

  it("are written through no link that somebody laid where they are made", async () => {
    const path = join(folder, "order.edi");
    symlinkSync(outside, `${path}${TEMPORARY}`);
    expect(await codeOf(files.write(path, Buffer.from("an order")))).not.to.equal("done");
    expect(readFileSync(outside, "utf8")).to.equal("not for partners");
  });
});
