#!/usr/bin/env node
/** Starts the command line, or says clearly why this Node cannot (better-sqlite3 13 would crash it). */
"use strict";
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `milepost needs Node 22.18 or later, this is ${process.versions.node}. ` +
      "npm ci brings Node 24: run node_modules/.bin/node bridge/cli.ts",
  );
  process.exit(78);
}
import("./cli.ts").catch((error) => {
  console.error(error);
  process.exit(70);
});
