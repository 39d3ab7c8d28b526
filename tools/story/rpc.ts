/** Odoo's methods over JSON-2, as one of the template's users. */
import { odooCall } from "../demo/odoo_call.ts";
import type { OdooDatabase, Role } from "../odoo/odoo.ts";

/** Calls a public method; arguments by name, record ids as `ids`. */
export type Call = (role: Role, model: string, method: string, args: object) => Promise<unknown>;

export function callerOf(odoo: OdooDatabase): Call {
  return (role, model, method, args) =>
    odooCall(odoo.url, odoo.database, odoo.apiKeys[role])<unknown>(model, method, args);
}
