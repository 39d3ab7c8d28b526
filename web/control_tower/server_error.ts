/** What kind of error Odoo answered. */

/** Whether the user lacks the right: the server's AccessError, as the web client passes it on. */
export function isAccessError(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const cause = "cause" in error ? error.cause : undefined;
  return (
    ("exceptionName" in error && error.exceptionName === "odoo.exceptions.AccessError") ||
    (cause !== undefined && isAccessError(cause))
  );
}
