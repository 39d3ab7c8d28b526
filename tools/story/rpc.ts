/** Odoo's methods over JSON-2, as one of the template's users. */
import type { OdooDatabase, Role } from "../odoo/odoo.ts";

/** Calls a public method; arguments by name, record ids as `ids`. Throws with Odoo's message. */
export type Call = (
  role: Role,
  model: string,
  method: string,
  args: Record<string, unknown>,
) => Promise<unknown>;

export function callerOf(odoo: OdooDatabase): Call {
  return async (role, model, method, args) => {
    const response = await fetch(`${odoo.url}/json/2/${model}/${method}`, {
      method: "POST",
      headers: {
        authorization: `bearer ${odoo.apiKeys[role]}`,
        "content-type": "application/json",
        "x-odoo-database": odoo.database,
      },
      body: JSON.stringify(args),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const { message } = answer as { message?: string };
    throw new Error(`${model}.${method} as ${role}: ${response.status} ${message ?? ""}`);
  };
}
