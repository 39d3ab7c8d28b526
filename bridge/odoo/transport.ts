/** How a method of a model in Odoo is called: JSON-2 (Odoo 19 and later) or XML-RPC. */

export interface OdooTransport {
  readonly name: "json2" | "xmlrpc";
  /**
   * Calls a public method by keyword arguments, in one transaction of Odoo.
   * Throws MilepostError:
   * - odoo_unreachable, odoo_timeout, odoo_failed, odoo_busy, odoo_bad_answer: `later`
   * - odoo_unauthorized, odoo_forbidden, odoo_addon_missing, odoo_redirect: `pause`
   * - odoo_refused: `never`; the call as a whole is refused (a UserError in Odoo)
   */
  call(
    model: string,
    method: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<unknown>;
  /** How far Odoo's clock was ahead of ours at its last answer; undefined where it says no time. */
  readonly aheadMs?: number | undefined;
  close(): Promise<void>;
}

/** Odoo's message for people: the first line, without the Python traceback, at most 300 characters. */
export function firstLine(text: unknown): string {
  if (typeof text !== "string") return "no message";
  const lines = text.split("\n").map((line) => line.trim());
  const traceback = lines[0]?.startsWith("Traceback") === true;
  const line = (traceback ? lines.findLast(Boolean) : lines.find(Boolean)) ?? "no message";
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
