/**
 * Odoo 19 and PostgreSQL from Debian's packages, in a root directory of their own.
 *
 * `odoo-19` is in Debian unstable only and depends on nothing newer than Debian 13: a minimal
 * Debian 13 takes that one package from unstable and everything else from stable.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, withLock } from "./cache.ts";
import { run } from "./processes.ts";
import type { Log } from "./progress.ts";

const MIRROR = "http://deb.debian.org/debian";
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
  if (await has("debootstrap")) return null;
  return (await has("apt-get"))
    ? null
    : "debootstrap is missing and there is no apt-get to install it";
}

async function has(command: string): Promise<boolean> {
  return run("sh", ["-c", `command -v ${command}`]).then(
    () => true,
    () => false,
  );
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
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if (!(await has("debootstrap"))) {
    log("installing debootstrap");
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "-y", "--no-install-recommends", "debootstrap"], { env });
  }
  log("building a Debian 13 root directory (about 40 s)");
  await run("debootstrap", ["--variant=minbase", "trixie", root, MIRROR], { env });
  write(
    root,
    "etc/apt/sources.list.d/unstable.list",
    `deb [check-valid-until=no] ${MIRROR} unstable main\n`,
  );
  write(root, "etc/apt/preferences.d/odoo", PINS);
  write(
    root,
    "usr/sbin/policy-rc.d",
    "#!/bin/sh\n# no package may start a service in here\nexit 101\n",
  );
  chmodSync(join(root, "usr/sbin/policy-rc.d"), 0o755);
  log("installing Odoo 19 and PostgreSQL into it (about 90 s)");
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
