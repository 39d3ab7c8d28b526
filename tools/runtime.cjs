/**
 * Starts a TypeScript entry point on the project's own Node 24 (an npm package), whatever
 * Node the machine has: better-sqlite3 13 crashes on Node 20, and types are stripped natively.
 */
"use strict";
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const own = join(__dirname, "..", "node_modules", ".bin", "node");
const [major] = process.versions.node.split(".").map(Number);
if (!existsSync(own) && major < 24) {
  console.error(`Node 24 is missing (this is ${process.version}): run npm ci first.`);
  process.exit(78);
}
const runtime = existsSync(own) ? own : process.execPath;
const child = spawn(runtime, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 70)));
