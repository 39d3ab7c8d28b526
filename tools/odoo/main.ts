/** `npm run odoo -- up|down|shell|reset|url`: the developer's own Odoo. */
import { spawnSync } from "node:child_process";
import { ensureOdoo, OdooUnavailable, stopOdoo } from "./odoo.ts";
import { progress } from "./progress.ts";
import { ROLES } from "./template.ts";

const USAGE = `Usage: npm run odoo -- up | down | url | reset | shell [DATABASE]
  up      finds or provisions Odoo 19 with the addons, and a database to play in
  down    ends what \`up\` started
  url     prints the URL and the logins
  reset   drops the databases of tests and demos
  shell   opens Odoo's Python shell on a database (default: play)`;

const PLAY = "play";
const log = progress();

async function up(): Promise<void> {
  const odoo = await ensureOdoo(log);
  const found = await odoo.hasDatabase(PLAY);
  // A server that somebody named has its own database, and people of its own.
  const database = found ? PLAY : (await odoo.createDatabase(PLAY)).database;
  console.log(`${odoo.url}/web?db=${database}`);
  if (database === PLAY) console.log(`logins (login = password): admin, ${ROLES.join(", ")}`);
  log(`Odoo runs from ${odoo.description}`);
}

async function shell(database = PLAY): Promise<void> {
  const odoo = await ensureOdoo(log);
  const [command, args] = odoo.shell(database);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  process.exitCode = status ?? 70;
}

const actions: Record<string, (argument?: string) => Promise<void>> = {
  up,
  url: up,
  down: () => stopOdoo(log),
  reset: async () => (await ensureOdoo(log)).reset(),
  shell,
};

const [name = "", argument] = process.argv.slice(2);
const action = actions[name];
if (action === undefined) {
  console.error(USAGE);
  process.exit(64);
}
try {
  await action(argument);
} catch (error) {
  if (!(error instanceof OdooUnavailable)) throw error;
  console.error(error.message);
  process.exitCode = 69;
}
