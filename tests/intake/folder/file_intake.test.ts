/* Over 300 lines: one door, a title per fault of files. */
import { expect } from "chai";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../bridge/clock.ts";
import type { Connection } from "../../../bridge/connection.ts";
import { MilepostError } from "../../../bridge/errors.ts";
import { FileIntake } from "../../../bridge/intake/folder/file_intake.ts";
import { claimName } from "../../../bridge/intake/folder/file_names.ts";
import { createLogger } from "../../../bridge/logger.ts";
import { createMetrics } from "../../../bridge/metrics.ts";
import { PauseBoard } from "../../../bridge/pause_board.ts";
import type { Files } from "../../../bridge/peer/files.ts";
import { LocalFiles } from "../../../bridge/peer/local_files.ts";
import { SftpFiles } from "../../../bridge/peer/sftp_files.ts";
import { openSqlite } from "../../bridge_kit/sqlite_store.ts";
import { SftpServer } from "../../bridge_kit/sftp_server.ts";
import { temporaryDirectory } from "../../bridge_kit/test_bridge.ts";
import { tiny, tinyMessage } from "../../bridge_kit/test_source.ts";
import type { OpenStore } from "../../store/store_contract.ts";

const { signal } = new AbortController();
const MINUTE = 60_000;

interface Place {
  folder: string;
  /** The folders' paths as the bridge names them. */
  prefix: string;
  open(): Files;
  dispose(): Promise<void>;
}

async function localPlace(): Promise<Place> {
  const folder = temporaryDirectory();
  return {
    folder,
    prefix: `${folder}/`,
    open: () => new LocalFiles(),
    dispose: () => Promise.resolve(),
  };
}

async function sftpPlace(): Promise<Place> {
  const folder = temporaryDirectory();
  const server = await new SftpServer(folder).start();
  const opened: SftpFiles[] = [];
  const key = server.hostKey.split(" ")[1] ?? "";
  return {
    folder,
    prefix: "",
    open: () => {
      const auth = { type: "password", password: { reveal: () => "right" } };
      const files = new SftpFiles("acme", {
        host: "127.0.0.1",
        port: server.port,
        user: "milepost",
        auth,
        host_keys: [{ algorithms: ["ssh-ed25519"], key }],
        connect_seconds: 10,
        request_seconds: 20,
      } as unknown as ConstructorParameters<typeof SftpFiles>[1]);
      opened.push(files);
      return files;
    },
    dispose: async () => {
      for (const files of opened) await files.close();
      await server.stop();
    },
  };
}

for (const [name, createPlace] of [
  ["a folder", localPlace],
  ["an SFTP server", sftpPlace],
] as const) {
  describe(`files out of ${name}`, function () {
    this.timeout(30_000);
    let place: Place;
    let open: OpenStore;
    let now: number;
    let accepted: number;

    const bridge = (owner = "0000000a", files = place.open(), more: object = {}): FileIntake => {
      const clock = { ...systemClock(), steady: () => now, now: () => new Date(now) };
      const log = createLogger("silent");
      const metrics = createMetrics();
      const { inbox, deadLetters } = open.store;
      return new FileIntake({
        connection: { code: "acme", source: tiny, settings: {} } as unknown as Connection,
        channel: "folder",
        files,
        config: {
          enabled: true,
          in: `${place.prefix}in`,
          archive: `${place.prefix}archive`,
          error: `${place.prefix}error`,
          pattern: "*",
          interval_seconds: 5,
          settle_seconds: 5,
          claim_seconds: 600,
          max_bytes: 100_000,
          ...more,
        },
        owner,
        inbox,
        deadLetters,
        pauses: new PauseBoard(open.store.pauses, clock, log, metrics),
        disk: { full: false, freeBytes: () => Infinity, look: () => Promise.resolve() },
        onAccepted: () => accepted++,
        clock,
        log,
        metrics,
      });
    };
    /** Looks until a file that lies there unchanged has settled. */
    const settle = async (intake: FileIntake, rounds = 3) => {
      for (let round = 0; round < rounds; round++, now += 5000) await intake.lookOnce(signal);
    };
    const put = (file: string, body: string | Buffer = JSON.stringify(tinyMessage())) =>
      writeFileSync(join(place.folder, "in", file), body);
    const ls = (folder: string) => readdirSync(join(place.folder, folder)).sort();
    const stored = () => open.store.inbox.unread(100);
    const letters = async () =>
      (await open.store.deadLetters.list({ state: "open" })).map((it) => it.problem.code);

    beforeEach(async () => {
      [now, accepted] = [Date.parse("2026-11-24T08:00:00Z"), 0];
      open = await openSqlite();
      place = await createPlace();
      for (const folder of ["in", "archive", "error"]) mkdirSync(join(place.folder, folder));
    });
    afterEach(async () => {
      await place.dispose();
      await open.dispose();
      rmSync(place.folder, { recursive: true });
    });

    it("takes a settled file into the inbox, then into the archive", async () => {
      const body = JSON.stringify(tinyMessage());
      put("a.json", body);
      await settle(bridge());
      const [message] = await stored();
      expect(message).to.include({ connection: "acme", contentType: "application/json" });
      expect(message?.attributes).to.deep.equal({ file: "a.json" });
      expect(message?.body.toString()).to.equal(body);
      expect(accepted).to.equal(1);
      expect(ls("in")).to.deep.equal([]);
      expect(ls("archive").join()).to.match(/^20261124T0800\d\dZ-[0-9a-f]{8}-a\.json$/);
    });

    it("leaves alone what grows, is temporary, hidden, a folder, or not its pattern", async () => {
      put("grows.json", "{");
      put("a.json.tmp");
      put("b.part");
      put(".c.json");
      put("d.txt");
      mkdirSync(join(place.folder, "in", "folder.json"));
      const intake = bridge("0000000a", place.open(), { pattern: "*.json*" });
      for (let round = 0; round < 5; round++, now += 5000) {
        await intake.lookOnce(signal);
        appendFileSync(join(place.folder, "in", "grows.json"), " ");
      }
      expect(await stored()).to.deep.equal([]);
      expect(ls("in")).to.have.length(6);
      renameSync(join(place.folder, "in/a.json.tmp"), join(place.folder, "in/a.json"));
      await settle(intake);
      expect((await stored()).map((it) => it.attributes["file"])).to.have.members([
        "a.json",
        "grows.json",
      ]);
    });

    it("reads nothing half when a file grows between the look and the claim", async () => {
      put("a.json", "12345");
      const files = place.open();
      const { rename } = files;
      files.rename = (from, to, abort) => {
        if (from.endsWith("in/a.json")) {
          appendFileSync(join(place.folder, "in", "a.json"), "678");
        }
        return rename.call(files, from, to, abort);
      };
      const intake = bridge("0000000a", files);
      await settle(intake, 2);
      expect(await stored()).to.deep.equal([]);
      await settle(intake, 3);
      expect((await stored()).map((it) => it.body.toString())).to.deep.equal(["12345678"]);
    });

    it("takes each file once when several bridges look at the same time", async () => {
      for (let n = 0; n < 20; n++) put(`${n}.json`);
      const bridges = ["0000000a", "0000000b", "0000000c"].map((owner) => bridge(owner));
      for (let round = 0; round < 3; round++, now += 5000) {
        await Promise.all(bridges.map((it) => it.lookOnce(signal)));
      }
      const names = (await stored()).map((it) => it.attributes["file"]);
      expect(new Set(names).size).to.equal(20);
      expect(names).to.have.length(20);
      expect(ls("archive")).to.have.length(20);
    });

    it("archives after a crash between commit and archive, without a second message", async () => {
      put("a.json");
      const files = place.open();
      const { rename } = files;
      files.rename = (from, to, abort) =>
        to.includes("archive/")
          ? Promise.reject(new MilepostError("killed", { code: "killed", retry: "later" }))
          : rename.call(files, from, to, abort);
      await settle(bridge("0000000a", files));
      expect(await stored()).to.have.length(1);
      expect(ls("in").join()).to.match(/^\.milepost-0000000a-.*-a\.json$/);
      await settle(bridge());
      expect(await stored()).to.have.length(1);
      expect(ls("in")).to.deep.equal([]);
      expect(ls("archive")).to.have.length(1);
    });

    it("leaves a living bridge's claim alone and takes over a dead one's", async () => {
      const body = JSON.stringify(tinyMessage());
      put(claimName({ owner: "0000000b", at: now, name: "a.json" }), body);
      const intake = bridge();
      await settle(intake);
      expect(await stored()).to.deep.equal([]);
      now += 11 * MINUTE;
      await settle(intake, 4);
      expect((await stored()).map((it) => it.attributes["file"])).to.deep.equal(["a.json"]);
    });

    it("takes the same name with other content, and the same content again as the same message", async () => {
      const intake = bridge();
      for (const text of ["one", "two", "one"]) {
        put("a.json", text);
        await settle(intake);
      }
      expect((await stored()).map((it) => it.body.toString())).to.deep.equal(["one", "two"]);
      expect(ls("error")).to.have.length(3);
    });

    it("puts what the source refuses into the error folder; the inbox has it with its reason to come", async () => {
      put("a.json", "no json");
      await settle(bridge());
      expect(await stored()).to.have.length(1);
      expect(ls("error").join()).to.match(/-a\.json$/);
      expect(ls("archive")).to.deep.equal([]);
    });

    it("moves links, empty and too large files out of the way, with a dead letter each, once", async () => {
      writeFileSync(join(place.folder, "secret"), "root:x");
      symlinkSync("../secret", join(place.folder, "in", "link.json"));
      put("empty.json", "");
      put("large.json", "x".repeat(100_001));
      put("fine.json");
      await settle(bridge(), 16);
      expect((await letters()).sort()).to.deep.equal([
        "file_empty",
        "file_not_regular",
        "file_too_large",
      ]);
      expect(ls("in")).to.deep.equal([]);
      expect(ls("error")).to.have.length(3);
      expect((await stored()).map((it) => it.attributes["file"])).to.deep.equal(["fine.json"]);
      expect(readFileSync(join(place.folder, "secret"), "utf8")).to.equal("root:x");
    });

    it("follows no name out of the folder, and says it once", async () => {
      const files = place.open();
      files.list = async () =>
        ["../secret", "a\0b", ".."].map((it) => ({ name: it, kind: "file", size: 1, modified: 1 }));
      files.rename = () => Promise.reject(new Error("touched"));
      await settle(bridge("0000000a", files), 5);
      expect(await letters()).to.deep.equal(["file_bad_name", "file_bad_name", "file_bad_name"]);
      expect(await stored()).to.deep.equal([]);
    });

    it("keeps no folder waiting for a name that is too long to keep, and says it once", async () => {
      const long = `${"é".repeat(110)}.json`;
      put(long);
      put("good.json");
      const intake = bridge();
      await settle(intake, 4);
      expect((await stored()).map((it) => it.attributes["file"])).to.deep.equal(["good.json"]);
      expect(await letters()).to.deep.equal(["file_bad_name"]);
      expect(ls("in")).to.deep.equal([]);
      expect(ls("error")).to.have.length(1);
    });

    it("takes the others while one cannot be moved out of the way, and says it once", async () => {
      symlinkSync("/etc/passwd", join(place.folder, "in", "link.json"));
      put("good.json");
      const files = place.open();
      const { rename } = files;
      files.rename = (from, to, abort) =>
        from.endsWith("link.json")
          ? Promise.reject(new MilepostError("no", { code: "file_permission", retry: "pause" }))
          : rename.call(files, from, to, abort);
      const intake = bridge("0000000a", files);
      await settle(intake, 4);
      expect((await stored()).map((it) => it.attributes["file"])).to.deep.equal(["good.json"]);
      expect(await letters()).to.deep.equal(["file_not_regular"]);
      files.rename = rename;
      await settle(intake, 1);
      expect(ls("in")).to.deep.equal([]);
    });

    it("keeps a file under a short name where the place takes no longer one", async () => {
      put("a-rather-long-name.json");
      const files = place.open();
      const { rename } = files;
      files.rename = (from, to, abort) =>
        to.includes("archive/") && to.includes("rather")
          ? Promise.reject(new MilepostError("no", { code: "file_failed", retry: "later" }))
          : rename.call(files, from, to, abort);
      await settle(bridge("0000000a", files));
      expect(ls("archive").join()).to.match(/^20261124T0800\d\dZ-[0-9a-f]{8}\.json$/);
    });

    it("lets a file on which the server is silent hold up the others only once", async () => {
      put("a-slow.json");
      put("b.json");
      const files = place.open();
      const { read } = files;
      files.read = (path, max, abort) =>
        path.endsWith("a-slow.json")
          ? Promise.reject(new MilepostError("silent", { code: "sftp_timeout", retry: "later" }))
          : read.call(files, path, max, abort);
      await settle(bridge("0000000a", files), 4);
      expect((await stored()).map((it) => it.attributes["file"])).to.deep.equal(["b.json"]);
    });

    it("keeps a claimed file that it may not read, says so, takes the others, and goes on by itself", async () => {
      put("a.json");
      put("b.json");
      const files = place.open();
      const { read } = files;
      let denied = true;
      files.read = (path, max, abort) =>
        denied && path.endsWith("a.json")
          ? Promise.reject(new MilepostError("denied", { code: "file_permission", retry: "pause" }))
          : read.call(files, path, max, abort);
      const intake = bridge("0000000a", files);
      await settle(intake);
      expect((await stored()).map((it) => it.attributes["file"])).to.deep.equal(["b.json"]);
      const [pause] = await open.store.pauses.list();
      expect(pause).to.include({ scope: "files", code: "file_permission" });
      denied = false;
      await settle(intake);
      expect(await stored()).to.have.length(2);
      expect(await open.store.pauses.list()).to.deep.equal([]);
    });

    it("is paused while the folder is missing", async () => {
      rmSync(join(place.folder, "in"), { recursive: true });
      const intake = bridge();
      await settle(intake, 1);
      expect((await open.store.pauses.list())[0]).to.include({ code: "file_folder_missing" });
      mkdirSync(join(place.folder, "in"));
      await settle(intake, 1);
      expect(await open.store.pauses.list()).to.deep.equal([]);
    });
  });
}
