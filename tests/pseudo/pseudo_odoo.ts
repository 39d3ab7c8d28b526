/** An Odoo whose people read the pseudo language: a database and a server of its own. */
import { rmSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureOdoo, type OdooDatabase } from "../../tools/odoo/odoo.ts";
import { LANGUAGE, ownTerms, pseudoAddons } from "./catalogs.ts";
import type { Knowledge } from "./judge.ts";

export interface PseudoOdoo {
  odoo: OdooDatabase;
  /** What is known once the stories are told. */
  knowledge(): Promise<Knowledge>;
  /** Paths of the pages that people without a role see; `visitor` may log in. */
  visitors(): Promise<Record<string, string>>;
  end(): Promise<void>;
}

/** People are called what no term is, and read the language. */
const PEOPLE = `
  UPDATE ir_cron SET active = false;
  UPDATE res_partner SET lang = '${LANGUAGE}';
  UPDATE res_partner p SET name = 'Person ' || u.id, complete_name = 'Person ' || u.id
    FROM res_users u WHERE u.partner_id = p.id`;

export async function startPseudoOdoo(): Promise<PseudoOdoo> {
  const server = await ensureOdoo();
  const database = await server.createDatabase();
  const addons = pseudoAddons();
  const run = (args: string[], input?: string) =>
    server.run(args, { addons, ...(input === undefined ? {} : { input }) });
  const load = ["-d", database.database, "--load-language", LANGUAGE, "--stop-after-init"];
  await run([...load, "--no-http"]);
  await database.sql(PEOPLE);
  const own = await server.serve(database.database, addons);
  /** Runs a script of this folder in Odoo's shell; gives what it printed after its word. */
  const told = async (script: string, word: string): Promise<unknown> => {
    const text = readFileSync(join(import.meta.dirname, script), "utf8");
    const out = await run(
      ["shell", "-d", database.database, "--no-http"],
      `LANGUAGE = "${LANGUAGE}"\n${text}\n`,
    );
    const line = new RegExp(`^${word} (.*)$`, "m").exec(out)?.[1];
    if (line === undefined) throw new Error(`${script} printed no ${word}:\n${out.slice(-4000)}`);
    return JSON.parse(line);
  };
  const knowledge = async (): Promise<Knowledge> => {
    const known = (await told("known.py", "KNOWN")) as Record<"odoo" | "data", string[]>;
    return {
      ours: ownTerms(),
      odoo: new Set(known.odoo),
      data: known.data.toSorted((a, b) => b.length - a.length),
    };
  };
  return {
    odoo: { ...database, url: own.url },
    knowledge,
    visitors: async () => (await told("visitors.py", "PATHS")) as Record<string, string>,
    end: async () => {
      await own.stop();
      await database.drop();
      rmSync(addons, { recursive: true, force: true });
    },
  };
}
