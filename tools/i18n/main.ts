/**
 * `npm run i18n`: writes what there is to translate (`odoo_addon/NAME/i18n/NAME.pot`) and brings each
 * language's `.po` up to it. New texts are empty there; whoever adds a text translates it.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { ADDONS_FOLDER, addonNames } from "../addons.ts";
import { LANGUAGES } from "../check/translations.ts";
import { ensureOdoo, type Odoo } from "../odoo/odoo.ts";
import { progress } from "../odoo/progress.ts";

const SCRIPT = join(import.meta.dirname, "translations.py");
const FILE = /^FILE (\S+) (\S+)$/gm;

const log = progress();

/** Addons that people see: not those of tests and sample data. */
function translated(): string[] {
  return addonNames().filter((name) => !/^test_|_demo$/.test(name));
}

const read = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : "");

function request(): Record<string, Record<string, string>> {
  const files = (addon: string) =>
    LANGUAGES.map(
      (code) => [code, read(join(ADDONS_FOLDER, addon, "i18n", `${code}.po`))] as const,
    );
  return Object.fromEntries(translated().map((addon) => [addon, Object.fromEntries(files(addon))]));
}

/** Runs the script in Odoo's shell and gives what it printed. */
async function runScript(odoo: Odoo, database: string): Promise<string> {
  const [command, args] = odoo.shell(database);
  const shell = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  const printed = Promise.all([text(shell.stdout), text(shell.stderr)]);
  // A literal of JSON without true, false and null is one of Python.
  shell.stdin.end(`REQUEST = ${JSON.stringify(request())}\n${readFileSync(SCRIPT, "utf8")}\n`);
  const [out, said] = await printed;
  if (!out.includes("\nFILE ")) throw new Error(`Odoo's shell wrote no translations:\n${said}`);
  return out;
}

const odoo = await ensureOdoo(log);
const database = await odoo.createDatabase();
try {
  log("reading the texts of the addons");
  const out = await runScript(odoo, database.database);
  for (const [, path = "", content = ""] of out.matchAll(FILE)) {
    const file = join(ADDONS_FOLDER, path);
    mkdirSync(dirname(file), { recursive: true });
    const catalog = `${Buffer.from(content, "base64").toString().trimEnd()}\n`;
    writeFileSync(file, catalog);
    const open = catalog.match(/^msgstr ""\n(?!")/gm)?.length ?? 0;
    log(`odoo_addon/${path}: ${catalog.match(/^msgid /gm)!.length - 1} texts, ${open} open`);
  }
} finally {
  await database.drop();
}
