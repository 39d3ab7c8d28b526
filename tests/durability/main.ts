/**
 * `npm run test:durability [-- --messages N --json]`: watches the bridge's system calls while many
 * clients post webhooks. Ends with 1 unless the store's sync came before each 202, and unless
 * builds with `synchronous = OFF` and `NORMAL` fail the same check.
 */
import { Command, InvalidArgumentError } from "commander";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  createReadStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Agent, setGlobalDispatcher } from "undici";
import { ensureTool } from "../../tools/odoo/machine_tool.ts";
import { progress } from "../../tools/odoo/progress.ts";
import { postSigned, testTree } from "../bridge_kit/test_bridge.ts";
import { tinyMessage } from "../bridge_kit/test_source.ts";
import { readTrace, type SyncFindings } from "./trace.ts";

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));
const CLIENTS = 32;
const CALLS = "fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg";
/** A page of the store's log, whole. */
const SHOWN_BYTES = 4200;

type Synchronous = "FULL" | "NORMAL" | "OFF";

/** The bridge as it is, or a copy of it whose store syncs less. */
function bridgeOf(folder: string, synchronous: Synchronous): string {
  const script = "tests/bridge_kit/bridge_process.ts";
  if (synchronous === "FULL") return join(CHECKOUT, script);
  const copy = join(folder, "build");
  for (const part of ["bridge", "tests/bridge_kit", "package.json"]) {
    cpSync(join(CHECKOUT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(copy, "node_modules"));
  const file = join(copy, "bridge/store/sqlite/database.ts");
  const text = readFileSync(file, "utf8");
  const changed = text.replace('"synchronous = FULL"', `"synchronous = ${synchronous}"`);
  if (changed === text) throw new Error(`${file} names no synchronous = FULL`);
  writeFileSync(file, changed);
  return join(copy, script);
}

async function watch(synchronous: Synchronous, messages: number): Promise<SyncFindings> {
  const folder = mkdtempSync(join(tmpdir(), "milepost-durability-"));
  try {
    const trace = join(folder, "trace");
    // Odoo is away: what is taken is only kept, which is what is watched.
    const tree = testTree({ odooUrl: "http://127.0.0.1:9", dataDir: join(folder, "data") });
    const options = ["-f", "-y", "-s", String(SHOWN_BYTES), "-e", `trace=${CALLS}`, "-o", trace];
    const script = bridgeOf(folder, synchronous);
    const argument = JSON.stringify({ ...tree, log_level: "silent" });
    const child = spawn("strace", [...options, process.execPath, script, argument], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { intake } = JSON.parse(line) as { intake: string };
    await postAll(intake, messages);
    const ended = once(child, "exit");
    // strace itself lets no signal through to what it runs.
    const [traced] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(
      " ",
    );
    process.kill(Number(traced), "SIGTERM");
    await ended;
    const lines: string[] = [];
    for await (const one of createInterface({ input: createReadStream(trace, "latin1") })) {
      if (/HTTP\/1\.1 202|-wal>|sync/.test(one)) lines.push(one);
    }
    return readTrace(lines);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function postAll(intake: string, messages: number): Promise<void> {
  let left = messages;
  const client = async () => {
    while (left-- > 0) {
      const { status } = await postSigned(intake, tinyMessage(2));
      if (status !== 202) throw new Error(`The bridge answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("must be from 1");
  return value;
};

const flags = new Command("durability")
  .description("Proves that the sync precedes every 2xx, and that the proof can fail.")
  .option("--messages <count>", "webhooks for each build", count, 500)
  .option("--json", "print the findings as one line of JSON")
  .parse()
  .opts<{ messages: number; json?: true }>();
setGlobalDispatcher(new Agent({ connections: CLIENTS }));
const log = progress();
await ensureTool("strace", "strace", log);
const builds = {} as Record<Synchronous, SyncFindings>;
for (const synchronous of ["FULL", "NORMAL", "OFF"] as const) {
  builds[synchronous] = await watch(synchronous, flags.messages);
  const { proven, acknowledged, syncs } = builds[synchronous];
  log(`${synchronous}: ${proven} of ${acknowledged} answers came after the sync (${syncs} syncs)`);
}
const { FULL, NORMAL, OFF } = builds;
const isProven = FULL.acknowledged === flags.messages && FULL.proven === FULL.acknowledged;
const canFail = [NORMAL, OFF].every((it) => it.acknowledged > 0 && it.proven < it.acknowledged);
log(isProven && canFail ? "the sync precedes every answer" : "NOT PROVEN");
console.log(flags.json === true ? JSON.stringify({ ...builds, isProven, canFail }) : builds);
process.exitCode = isProven && canFail ? 0 : 1;
