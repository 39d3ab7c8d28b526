/** What a release holds: the committed files that run or are read, with the libraries for production. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../odoo/processes.ts";
import type { Log } from "../odoo/progress.ts";

/** Of the repository; tests, tools and the boards' sources stay behind. */
const PARTS = [
  "bridge",
  "deploy",
  "docs",
  "odoo_addon",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "THIRD_PARTY_NOTICES.md",
  "package.json",
  "package-lock.json",
  ".npmrc",
];

/** Lays the release into a folder: the last commit, not what lies about in the work tree. */
export async function layRelease(folder: string, log: Log): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const committed = await run("git", ["ls-tree", "--name-only", "HEAD"]);
  const parts = PARTS.filter((it) => committed.split("\n").includes(it));
  const pack = `git archive HEAD ${parts.join(" ")} | tar -x -C "$1"`;
  await run("sh", ["-ec", pack, "sh", folder]);
  log("installing the libraries for production");
  await run("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund", "--prefix", folder]);
  if (!existsSync(join(folder, "node_modules/.bin/node"))) {
    throw new Error(`npm has no Node 24 for ${process.arch}`);
  }
}
