/**
 * `npm run contract` writes the JSON Schema of the exchange into the addon; with `--check` it
 * fails when the committed file is not what the types say.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { contractSchemas } from "../../bridge/canonical/json_schema.ts";

const file = new URL("../../odoo_addon/milepost/contract/exchange.schema.json", import.meta.url);
const wanted = `${JSON.stringify(contractSchemas(), null, 2)}\n`;

if (process.argv.includes("--check")) {
  if (readFileSync(file, "utf8") !== wanted) {
    console.error("The contract in the addon is not what bridge/canonical says: npm run contract");
    process.exit(1);
  }
} else {
  writeFileSync(file, wanted);
}
