/**
 * `npm run package:deb` and `npm run package:archive`: what is installed without a checkout. Both
 * hold the last commit and print the file that they made (in `dist/`).
 *
 * The archive is the same tree with the list of what is in it (SBOM, CycloneDX) and checksums.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../odoo/processes.ts";
import { progress } from "../odoo/progress.ts";
import { layRelease } from "./tree.ts";

const log = progress();
const ARCHITECTURE: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const OUT = resolve("dist");

/** Where the files of deploy/ go. */
const PLACES: ReadonlyArray<readonly [string, string]> = [
  ["deploy/milepost.service", "usr/lib/systemd/system/milepost.service"],
  ["deploy/milepost-backup.service", "usr/lib/systemd/system/milepost-backup.service"],
  ["deploy/milepost-backup.timer", "usr/lib/systemd/system/milepost-backup.timer"],
  ["deploy/debian/milepost.sysusers", "usr/lib/sysusers.d/milepost.conf"],
  ["deploy/debian/milepost.tmpfiles", "usr/lib/tmpfiles.d/milepost.conf"],
  ["deploy/config.example.yaml", "usr/share/doc/milepost/config.example.yaml"],
  ["LICENSE", "usr/share/doc/milepost/copyright"],
];

function control(kilobytes: number): string {
  return `Package: milepost
Version: ${version}
Architecture: ${ARCHITECTURE[process.arch] ?? process.arch}
Maintainer: Milepost <milepost@localhost>
Installed-Size: ${kilobytes}
Depends: systemd (>= 252), ca-certificates, libc6 (>= 2.36), libstdc++6
Section: net
Priority: optional
Description: bridge between TMS, carriers, EDI partners and Odoo
 Takes webhooks, polls and files of transport partners, keeps them, reads them into
 facts for the Odoo addons Milepost and Milepost Billing, and carries transport
 orders out. The addons lie in /opt/milepost/odoo_addon.
`;
}

async function deb(work: string): Promise<string> {
  const root = join(work, "root");
  await layRelease(join(root, "opt/milepost"), log);
  for (const [from, to] of PLACES) {
    mkdirSync(join(root, to, ".."), { recursive: true });
    copyFileSync(from, join(root, to));
    chmodSync(join(root, to), 0o644);
  }
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  copyFileSync("deploy/debian/milepost.sh", join(root, "usr/bin/milepost"));
  chmodSync(join(root, "usr/bin/milepost"), 0o755);
  const size = Number((await run("du", ["-sk", root])).split("\t")[0]);
  mkdirSync(join(root, "DEBIAN"));
  writeFileSync(join(root, "DEBIAN/control"), control(size));
  for (const script of ["postinst", "prerm", "postrm"]) {
    copyFileSync(join("deploy/debian", script), join(root, "DEBIAN", script));
    chmodSync(join(root, "DEBIAN", script), 0o755);
  }
  const file = join(OUT, `milepost_${version}_${ARCHITECTURE[process.arch] ?? process.arch}.deb`);
  log("packing");
  await run("dpkg-deb", ["--root-owner-group", "-Zgzip", "--build", root, file]);
  return file;
}

async function archive(work: string): Promise<string> {
  const name = `milepost-${version}-linux-${process.arch}`;
  const folder = join(work, name);
  await layRelease(folder, log);
  const sbom = await run("npm", ["run", "--silent", "sbom"]);
  writeFileSync(join(folder, "sbom.cdx.json"), sbom);
  const file = join(OUT, `${name}.tar.gz`);
  log("packing");
  await run("tar", ["--owner=0", "--group=0", "-czf", file, "-C", work, name]);
  cpSync(join(folder, "sbom.cdx.json"), join(OUT, `${name}.cdx.json`));
  const sums = await run("sh", ["-ec", 'cd "$1" && sha256sum milepost*', "sh", OUT]);
  writeFileSync(join(OUT, "SHA256SUMS"), sums.replace(/^.*SHA256SUMS\n/m, ""));
  return file;
}

const [kind] = process.argv.slice(2);
const make = { deb, archive }[kind ?? ""];
if (make === undefined) throw new Error("say deb or archive");
mkdirSync(OUT, { recursive: true });
const work = await mkdtemp(join(tmpdir(), "milepost-package-"));
try {
  console.log(await make(work));
} finally {
  rmSync(work, { recursive: true, force: true });
}
