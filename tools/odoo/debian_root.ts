/**
 * Odoo 19 and PostgreSQL from Debian's packages, in a root directory of their own.
 *
 * `odoo-19` is in Debian unstable only and depends on nothing newer than Debian 13: a minimal
 * Debian 13 takes that one package from unstable and everything else from stable.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, withLock } from "./cache.ts";
import { debianArchive, NO_ARCHIVE, proxyVariables } from "./debian_archive.ts";
import { ensureTool, has } from "./machine_tool.ts";
import { run } from "./processes.ts";
import type { Log } from "./progress.ts";

const PINS = `Package: *
Pin: release a=unstable
Pin-Priority: 100

Package: odoo-19
Pin: release a=unstable
Pin-Priority: 900
`;

/** Why no root directory can be built here, or null when it can. */
export async function obstacle(): Promise<string | null> {
  if (existsSync(join(rootFolder(), "usr/bin/odoo"))) return null;
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "building and entering a root directory needs root";
  if (!(await has("apt-get")))
    return "there is no apt-get, whose configuration says where Debian's packages are";
  return (await debianArchive()) === null ? NO_ARCHIVE : null;
}

function rootFolder(): string {
  return join(cacheFolder(), "root");
}

/**
 * The root directory, built when it is not there (about two minutes, 3 GB). It is built beside its
 * place and renamed when complete, so that an interrupted build is never used.
 */
export async function ensureRoot(log: Log): Promise<string> {
  const root = rootFolder();
  if (existsSync(join(root, "usr/bin/odoo"))) return root;
  return withLock(join(cacheFolder(), "root-build"), log, async () => {
    if (existsSync(join(root, "usr/bin/odoo"))) return root;
    const building = `${root}.building`;
    rmSync(building, { recursive: true, force: true });
    mkdirSync(building, { recursive: true });
    await build(building, log);
    renameSync(building, root);
    return root;
  });
}

async function build(root: string, log: Log): Promise<void> {
  const archive = await debianArchive();
  if (archive === null) throw new Error(NO_ARCHIVE);
  const env = { DEBIAN_FRONTEND: "noninteractive", ...proxyVariables(archive.proxies) };
  await ensureTool("debootstrap", "debootstrap", log);
  log(`building a Debian 13 root directory from ${archive.stable} (about 40 s)`);
  await run("debootstrap", ["--variant=minbase", "trixie", root, archive.stable], { env });
  write(root, "etc/apt/apt.conf.d/proxies", `${archive.proxies}\n`);
  write(
    root,
    "etc/apt/sources.list.d/unstable.list",
    `deb [check-valid-until=no] ${archive.unstable} unstable main\n`,
  );
  write(root, "etc/apt/preferences.d/odoo", PINS);
  write(
    root,
    "usr/sbin/policy-rc.d",
    "#!/bin/sh\n# no package may start a service in here\nexit 101\n",
  );
  chmodSync(join(root, "usr/sbin/policy-rc.d"), 0o755);
  log(
    `installing PostgreSQL, and Odoo 19 from unstable of ${archive.unstable}, into it (about 90 s)`,
  );
  await run("chroot", [root, "apt-get", "update"], { env });
  await run(
    "chroot",
    [root, "apt-get", "install", "-y", "--no-install-recommends", "odoo-19", "postgresql"],
    { env },
  );
  await run("chroot", [root, "apt-get", "clean"], { env });
  mkdirSync(join(root, "mnt/addons"), { recursive: true });
  mkdirSync(join(root, "var/lib/milepost"), { recursive: true });
}

function write(root: string, file: string, text: string): void {
  writeFileSync(join(root, file), text);
}
