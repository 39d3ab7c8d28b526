/**
 * A bare Debian in a directory of its own: the minimal system, git, certificates, a Node 20 and an
 * npm 10, and nothing else: no compiler, no Python.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "../odoo/cache.ts";
import { debianArchive, NO_ARCHIVE, proxyVariables } from "../odoo/debian_archive.ts";
import { ensureTool } from "../odoo/machine_tool.ts";
import { run } from "../odoo/processes.ts";
import type { Log } from "../odoo/progress.ts";

/** The oldest that the README promises. */
const NODE = `node-linux-${process.arch}@20`;
const NPM = "npm@10";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

export type Release = "bookworm" | "trixie";

export class BareRoot {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Runs a shell command as root inside, with its own processes and the host's network. Whatever it
   * started ends with it, also when this process is ended: `unshare` passes no signal on, but its child
   * dies with it, and all processes of a namespace with their first.
   */
  async sh(command: string, log: Log): Promise<string> {
    const registry = (await run("npm", ["config", "get", "registry"])).trim();
    const inside = [
      "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME=/root",
      "LANG=C.UTF-8",
      "CI=true",
      `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`,
      `npm_config_registry=${registry}`,
      `npm_config_cafile=${CERTIFICATES}`,
    ];
    const mounts = [
      // A machine's root is a mount; of a mere folder no process inside gets mounts of its own.
      `mount --bind ${this.path} ${this.path}`,
      `mount -t proc proc ${this.path}/proc`,
      `mount --rbind /dev ${this.path}/dev`,
      `mount -t tmpfs tmpfs ${this.path}/run`,
      'exec "$@"',
    ].join(" && ");
    const chroot = ["chroot", this.path, "/usr/bin/env", "-i", ...inside, "sh", "-ec", command];
    const apart = ["--mount", "--pid", "--fork", "--kill-child"];
    const args = [...apart, "sh", "-c", mounts, "sh", ...chroot];
    return run("unshare", args, { onLine: (line) => log(`  ${line}`), endedBy: "SIGKILL" });
  }
}

/** A fresh copy of the release's root; the first one is built (about a minute), later ones copied. */
export async function bareRoot(release: Release, log: Log): Promise<BareRoot> {
  const base = join(dirname(cacheFolder()), `bare-${release}`);
  if (!existsSync(base)) await build(base, release, log);
  const path = join(await mkdtemp(join(tmpdir(), `milepost-bare-${release}-`)), "root");
  await run("cp", ["-a", "--reflink=auto", base, path]);
  return new BareRoot(path);
}

async function build(base: string, release: Release, log: Log): Promise<void> {
  const archive = await debianArchive();
  if (archive === null) throw new Error(NO_ARCHIVE);
  const building = `${base}.building`;
  await unmountBelow(building);
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  log(`building a bare Debian ${release} from the archive of this machine's apt`);
  await ensureTool("debootstrap", "debootstrap", log);
  const env = proxyVariables(archive.proxies);
  const options = ["--variant=minbase", "--include=ca-certificates,git"];
  await run("debootstrap", [...options, release, building, archive.stable], { env });
  // The machine's own certificates, names and ways: a company's registry may need them.
  for (const file of [CERTIFICATES, "/etc/resolv.conf", "/etc/hosts"]) {
    if (existsSync(file)) copyFileSync(file, join(building, file));
  }
  mkdirSync(join(building, "etc/apt/apt.conf.d"), { recursive: true });
  writeFileSync(join(building, "etc/apt/apt.conf.d/proxies"), `${archive.proxies}\n`);
  log(`adding ${NODE} and ${NPM} from npm's registry, as this machine's npm is set up`);
  for (const name of [NODE, NPM]) await unpack(name, building);
  for (const [name, to] of [
    ["node", `../lib/${folderOf(NODE)}/bin/node`],
    ["npm", `../lib/${folderOf(NPM)}/bin/npm-cli.js`],
    ["npx", `../lib/${folderOf(NPM)}/bin/npx-cli.js`],
  ] as const) {
    await run("ln", ["-s", to, join(building, "usr/local/bin", name)]);
  }
  renameSync(building, base);
}

/** A build that was broken off leaves its /proc mounted, which nobody can remove. */
async function unmountBelow(folder: string): Promise<void> {
  const mounted = readFileSync("/proc/mounts", "utf8").matchAll(/^\S+ (\S+)/gm);
  const places = [...mounted].map(([, place = ""]) => place);
  for (const place of places.filter((it) => it.startsWith(`${folder}/`)).toReversed()) {
    await run("umount", ["-l", place]);
  }
}

function folderOf(name: string): string {
  return name.replace("@", "-");
}

async function unpack(name: string, root: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "milepost-pack-"));
  const packed = (await run("npm", ["pack", "--silent", name, "--pack-destination", work])).trim();
  const target = join(root, "usr/local/lib", folderOf(name));
  mkdirSync(target, { recursive: true });
  const file = join(work, packed.split("\n").at(-1) ?? "");
  await run("tar", ["-xzf", file, "-C", target, "--strip-components=1"]);
  rmSync(work, { recursive: true });
}
