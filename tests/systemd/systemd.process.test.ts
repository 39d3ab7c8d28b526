import { expect } from "chai";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { feedWatchdog } from "../../bridge/systemd.ts";
import { NODE_FLAGS } from "../../tools/demo/bridge_process.ts";
import { ensureTool } from "../../tools/odoo/machine_tool.ts";
import { progress } from "../../tools/odoo/progress.ts";
import { temporaryDirectory } from "../bridge_kit/test_bridge.ts";
import { waitUntil } from "../bridge_kit/wait_until.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const cli = join(ROOT, "bridge/cli.ts");

/** A datagram socket as systemd's: each line on stdout is what it was told. Debian always has perl. */
const SOCKET = `
use IO::Socket::UNIX; use Socket; $| = 1;
my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
print "listening\\n";
while (1) { my $m; recv($s, $m, 4096, 0); print "$m\\n"; }
`;

describe("under systemd", function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  const started: ChildProcess[] = [];
  before("systemd's programs, which a bare machine does not have", async function () {
    this.timeout(300_000);
    for (const tool of ["systemd-notify", "systemd-analyze"]) {
      await ensureTool(tool, "systemd", progress());
    }
  });
  after(async () => {
    for (const child of started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(directory, { recursive: true, force: true });
  });

  it("says READY, feeds the WATCHDOG and says STOPPING on the notify socket", async () => {
    const path = join(directory, "notify");
    const told: string[] = [];
    const listener = spawn("perl", ["-e", SOCKET, path], { stdio: ["ignore", "pipe", "inherit"] });
    started.push(listener);
    createInterface({ input: listener.stdout }).on("line", (line) => told.push(line));
    await waitUntil("the socket", () => told.includes("listening"));
    const config = join(directory, "config.yaml");
    writeFileSync(
      config,
      `environment: test
data_dir: ${directory}/data
log_level: silent
intake: { port: 0 }
admin: { port: 0 }
odoo: { url: "http://127.0.0.1:1", database: test, api_key: key-1 }
`,
    );
    const bridge = spawn(process.execPath, [cli, "--config", config, "run"], {
      stdio: "inherit",
      env: { PATH: process.env["PATH"], NOTIFY_SOCKET: path, WATCHDOG_USEC: "600000" },
    });
    started.push(bridge);
    const fed = () => told.filter((it) => it === "WATCHDOG=1").length;
    await waitUntil("READY=1", () => told.includes("READY=1"), 30_000);
    await waitUntil("WATCHDOG=1", () => fed() >= 2, 30_000);
    const exit = once(bridge, "exit");
    bridge.kill("SIGTERM");
    await waitUntil("STOPPING=1", () => told.includes("STOPPING=1"), 30_000);
    expect((await exit)[0]).to.equal(0);
  });

  it("does not feed the watchdog while the lanes hang", async () => {
    let asked = 0;
    const isWorking = () => {
      asked++;
      return false;
    };
    const end = feedWatchdog(isWorking, {
      WATCHDOG_USEC: "3000",
      NOTIFY_SOCKET: join(directory, "nobody"),
    });
    await waitUntil("asked", () => asked > 2);
    end();
    const before = asked;
    expect(feedWatchdog(isWorking, {})()).to.equal(undefined);
    expect(asked).to.equal(before);
  });

  it("is started with the memory bounds that are measured, by the unit and by the command", () => {
    for (const [file, start] of [
      ["deploy/milepost.service", /^ExecStart=(.*)$/m],
      ["deploy/debian/milepost.sh", /^exec (.*)$/m],
    ] as const) {
      const [, line = ""] = start.exec(readFileSync(join(ROOT, file), "utf8")) ?? [];
      expect(line, file).to.include(`/node ${NODE_FLAGS.join(" ")} /opt/milepost/bridge/cli.ts`);
    }
  });

  for (const unit of ["milepost.service", "milepost-backup.service"]) {
    it(`runs ${unit} with an exposure of 1.5 at most`, () => {
      const file = join(ROOT, "deploy", unit);
      const said = execFileSync("systemd-analyze", ["security", "--offline=true", file], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [, level] = /Overall exposure level[^:]*: ([\d.]+)/.exec(said) ?? [];
      expect(Number(level)).to.be.at.most(1.5);
      const text = readFileSync(file, "utf8");
      expect(text).to.include("LoadCredential=milepost:/etc/milepost/credentials");
      expect(text).to.include("ProtectSystem=strict");
    });
  }
});
