/** Being logged in to Odoo's web client without typing. */
import type { BrowserContext } from "playwright-core";
import type { OdooDatabase } from "../odoo/odoo.ts";

/** Gives the context a session. Users of the template have their login as password. */
export async function logIn(
  context: BrowserContext,
  odoo: Pick<OdooDatabase, "url" | "database">,
  login: string,
): Promise<void> {
  const answer = await context.request.post(`${odoo.url}/web/session/authenticate`, {
    data: { jsonrpc: "2.0", params: { db: odoo.database, login, password: login } },
  });
  const { result } = (await answer.json()) as { result?: { uid?: number } };
  if (!result?.uid) throw new Error(`Odoo does not let ${login} in`);
}
