import { expect } from "chai";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../../bridge_kit/wait_until.ts";
import { ROOT } from "./mapped_kit.ts";

/** A bridge's part that reads a message whose expression never ends, for half a minute. */
const HOLDER = `
import { parsePartner } from "${ROOT}/bridge/sources/mapped/partner_file.ts";
import { evaluate } from "${ROOT}/bridge/sources/mapped/source.ts";
const partner = parsePartner(\`
mapping: { name: acme, version: 1 }
zone: UTC
limits: { seconds: 30 }
facts: [{ kind: milestone, code: '($f := function($x){$f($x)}; $f(1))', occurred: at }]
\`, "acme.yaml");
console.log("reading");
await evaluate({ body: Buffer.from("{}"), contentType: "", receivedAt: new Date(), attributes: {} }, partner);
`;

/** Processes whose parent is the one given. */
function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => parentOf(id) === parent);
}

/** None of a process that ended, though nobody asked yet how: not each first process of a container does. */
function parentOf(id: number): number | undefined {
  try {
    const stat = readFileSync(join("/proc", String(id), "stat"), "utf8");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

describe("the reading process of a bridge that was killed", function () {
  this.timeout(60_000);

  it("ends too, although an expression holds it", async () => {
    const bridge = spawn(process.execPath, ["--input-type=module-typescript", "-e", HOLDER], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(bridge.stdout, "data");
    let readers: number[] = [];
    await waitUntil(
      "a reading process",
      () => (readers = childrenOf(bridge.pid!)).length === 1,
      20_000,
    );
    // Until it is at work: a process that waits would see the end of its channel by itself.
    await waitUntil("its work", () => cpuOf(readers[0]!) > 100, 20_000);
    bridge.kill("SIGKILL");
    await once(bridge, "exit");
    try {
      await waitUntil("its end", () => parentOf(readers[0]!) === undefined, 20_000);
    } finally {
      // One that lived on would keep a processor from all tests that follow.
      endIfAlive(readers[0]!);
    }
  });

  it("ends too when the bridge had ended before it could watch", async () => {
    const another = String(process.ppid);
    const reader = fork(join(ROOT, "bridge/sources/mapped/process_main.ts"), [another], {
      env: {},
    });
    try {
      const [, signal] = await once(reader, "exit", { signal: AbortSignal.timeout(20_000) });
      expect(signal).to.equal("SIGKILL");
    } finally {
      reader.kill("SIGKILL");
    }
  });
});

function endIfAlive(id: number): void {
  if (parentOf(id) !== undefined) process.kill(id, "SIGKILL");
}

/** Processor time of a process, in hundredths of a second. */
function cpuOf(id: number): number {
  const stat = readFileSync(join("/proc", String(id), "stat"), "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
