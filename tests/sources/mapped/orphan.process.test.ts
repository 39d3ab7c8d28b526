import { expect } from "chai";
import { spawn } from "node:child_process";
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

function parentOf(id: number): number | undefined {
  try {
    const stat = readFileSync(join("/proc", String(id), "stat"), "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
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
    await waitUntil("its end", () => parentOf(readers[0]!) === undefined, 20_000);
    expect(childrenOf(bridge.pid!)).to.deep.equal([]);
  });
});

/** Processor time of a process, in hundredths of a second. */
function cpuOf(id: number): number {
  const stat = readFileSync(join("/proc", String(id), "stat"), "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
