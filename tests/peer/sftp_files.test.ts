import { expect } from "chai";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";
import { checkConfig, type SftpConfig } from "../../bridge/config.ts";
import { MilepostError } from "../../bridge/errors.ts";
import { SftpFiles } from "../../bridge/peer/sftp_files.ts";
import { keyPair, SftpServer } from "../bridge_kit/sftp_server.ts";
import { temporaryDirectory, testTree } from "../bridge_kit/test_bridge.ts";
import { testSources } from "../bridge_kit/test_source.ts";

const { signal } = new AbortController();

describe("files of an SFTP server", () => {
  let server: SftpServer;
  let files: SftpFiles;

  const sftp = (more: Record<string, unknown> = {}): SftpConfig => {
    const connection = {
      sftp: {
        host: "127.0.0.1",
        port: server.port,
        user: "milepost",
        auth: { type: "password", password: "right" },
        host_keys: [server.hostKey],
        request_seconds: 20,
        in: "in",
        archive: "archive",
        error: "error",
        ...more,
      },
    };
    const tree = testTree({ odooUrl: "http://odoo", dataDir: "/tmp", connection });
    return checkConfig(tree, {}, testSources).connections[0]!.sftp!;
  };
  const use = (more: Record<string, unknown> = {}) => (files = new SftpFiles("acme", sftp(more)));
  const refusal = async (work: Promise<unknown>): Promise<MilepostError> => {
    const error: unknown = await work.then(
      () => undefined,
      (it: unknown) => it,
    );
    if (error instanceof MilepostError) return error;
    throw new Error(`no MilepostError: ${String(error)}`);
  };
  const put = (name: string, text: string) => writeFileSync(join(server.folder, name), text);

  beforeEach(async () => {
    const folder = temporaryDirectory();
    for (const name of ["in", "archive", "error", "out"]) mkdirSync(join(folder, name));
    server = await new SftpServer(folder).start();
    use();
  });
  afterEach(async () => {
    await files.close();
    await server.stop();
    rmSync(server.folder, { recursive: true });
  });

  it("lists, reads, renames and writes over one connection", async () => {
    put("in/a.edi", "UNB");
    const [entry] = await files.list("in", signal);
    expect(entry).to.include({ name: "a.edi", kind: "file", size: 3 });
    expect((await files.read("in/a.edi", 10, signal)).toString()).to.equal("UNB");
    expect(await files.rename("in/a.edi", "archive/a.edi", signal)).to.equal(true);
    await files.write("out/b.edi", Buffer.from("first"), signal);
    await files.write("out/b.edi", Buffer.from("second"), signal);
    expect(readFileSync(join(server.folder, "out/b.edi"), "utf8")).to.equal("second");
    expect(readdirSync(join(server.folder, "out"))).to.deep.equal(["b.edi"]);
    expect(server.connections).to.equal(1);
  });

  it("reads a large file whole, and none beyond the limit", async () => {
    put("in/large.edi", "x".repeat(1_000_000));
    expect(await files.read("in/large.edi", 1_000_000, signal)).to.have.length(1_000_000);
    const error = await refusal(files.read("in/large.edi", 999_999, signal));
    expect(error).to.include({ code: "file_too_large", retry: "never" });
    put("in/empty", "");
    expect(await files.read("in/empty", 10, signal)).to.have.length(0);
  });

  it("lets in by a key", async () => {
    use({ auth: { type: "key", private_key: server.clientKey } });
    expect(await files.list("out", signal)).to.deep.equal([]);
  });

  it("refuses another host key before the password is sent, also one of another type", async () => {
    const other = keyPair().public;
    use({ host_keys: [other] });
    const error = await refusal(files.list("in", signal));
    expect(error).to.include({ code: "sftp_host_key", retry: "pause" });
    use({ host_keys: [keyPair("ecdsa").public] });
    expect((await refusal(files.list("in", signal))).code).to.equal("sftp_host_key");
    expect(server.offered).to.deep.equal([]);
  });

  it("takes any of several host keys, so that a rotation needs no luck", async () => {
    const next = keyPair().public;
    use({ host_keys: [next, `[127.0.0.1]:22 ${server.hostKey} a comment`] });
    expect(await files.list("out", signal)).to.deep.equal([]);
  });

  it("is not configured without a host key, or with what is none", () => {
    expect(() => sftp({ host_keys: [] })).to.throw("a server that nobody knows");
    expect(() => sftp({ host_keys: ["ssh-ed25519 AAAA"] })).to.throw("known_hosts");
    expect(() => sftp({ archive: undefined })).to.throw("go together");
    expect(() => sftp({ archive: "in/" })).to.throw("must differ");
  });

  it("is paused on wrong credentials, missing folders and missing rights", async () => {
    use({ auth: { type: "password", password: "wrong" } });
    expect(await refusal(files.list("in", signal))).to.include({
      code: "sftp_unauthorized",
      retry: "pause",
    });
    use();
    expect(await refusal(files.list("nowhere", signal))).to.include({
      code: "file_folder_missing",
      retry: "pause",
    });
    server.fault = (operation) =>
      operation === "OPEN" ? ssh2.utils.sftp.STATUS_CODE.PERMISSION_DENIED : undefined;
    expect(await refusal(files.write("out/a", Buffer.from("x"), signal))).to.include({
      code: "file_permission",
      retry: "pause",
    });
  });

  it("calls no file written that a full server did not take", async () => {
    await files.write("out/a.edi", Buffer.from("before"), signal);
    server.fault = (operation) =>
      operation === "WRITE" ? ssh2.utils.sftp.STATUS_CODE.FAILURE : undefined;
    const error = await refusal(files.write("out/a.edi", Buffer.from("x".repeat(90)), signal));
    expect(error).to.include({ retry: "later" });
    // One that says yes to each write and keeps nothing, or other bytes.
    for (const kept of ["", "y".repeat(90)]) {
      server.fault = (operation, path) => {
        if (operation === "CLOSE" && path.endsWith(".tmp")) put(path, kept);
        return undefined;
      };
      const told = await refusal(files.write("out/a.edi", Buffer.from("x".repeat(90)), signal));
      expect(told).to.include({ code: "file_incomplete", retry: "later" });
    }
    server.fault = () => undefined;
    expect(readdirSync(join(server.folder, "out"))).to.deep.equal(["a.edi"]);
    expect(readFileSync(join(server.folder, "out/a.edi"), "utf8")).to.equal("before");
  });

  it("lets a slow transfer take its time, and waits for no silence", async () => {
    use({ request_seconds: 0.4 });
    put("in/slow.edi", "x".repeat(300_000));
    server.delayMs = 60;
    expect(await files.read("in/slow.edi", 1_000_000, signal)).to.have.length(300_000);
    await files.write("out/slow.edi", Buffer.alloc(300_000, "y"), signal);
    expect(readFileSync(join(server.folder, "out/slow.edi"))).to.have.length(300_000);
    server.fault = (operation) => (operation === "READ" ? "hang" : undefined);
    expect((await refusal(files.read("in/slow.edi", 1_000_000, signal))).code).to.equal(
      "sftp_timeout",
    );
  });

  it("says that a file is gone when another took it", async () => {
    expect(await files.rename("in/gone", "in/claimed", signal)).to.equal(false);
  });

  it("opens a new connection after the old one was cut, in the middle of a file too", async () => {
    put("in/a.edi", "x".repeat(200_000));
    await files.list("in", signal);
    server.fault = (operation) => (operation === "READ" ? "cut" : undefined);
    expect(await refusal(files.read("in/a.edi", 1_000_000, signal))).to.include({ retry: "later" });
    server.fault = () => undefined;
    expect(await files.read("in/a.edi", 1_000_000, signal)).to.have.length(200_000);
    expect(server.connections).to.equal(2);
  });

  it("does not wait for a server that hangs, nor for one that is not there", async () => {
    use({ request_seconds: 0.3 });
    server.fault = () => "hang";
    expect(await refusal(files.list("in", signal))).to.include({
      code: "sftp_timeout",
      retry: "later",
    });
    const { port } = server;
    await server.stop();
    expect(await refusal(files.list("in", signal))).to.include({
      code: "sftp_unreachable",
      retry: "later",
    });
    server.fault = () => undefined;
    server = await new SftpServer(server.folder).start(port);
    use();
    expect(await files.list("in", signal)).to.deep.equal([]);
  });

  it("leaves no half-written file under its name when the connection is lost", async () => {
    server.fault = (operation) => (operation === "WRITE" ? "cut" : undefined);
    expect(await refusal(files.write("out/a", Buffer.from("x"), signal))).to.include({
      retry: "later",
    });
    expect(readdirSync(join(server.folder, "out"))).to.deep.equal(["a.tmp"]);
    server.fault = () => undefined;
    await files.write("out/a", Buffer.from("x"), signal);
    expect(readdirSync(join(server.folder, "out"))).to.deep.equal(["a"]);
  });
});
