/** What kind of error Odoo answered. */

interface ServerError {
  exceptionName: string;
  data?: { message?: string };
}

/** What the server says no with, in words that are meant for the user. */
const REFUSALS = new Set([
  "odoo.exceptions.AccessError",
  "odoo.exceptions.UserError",
  "odoo.exceptions.ValidationError",
]);

const MISSING = "odoo.exceptions.MissingError";

/** The server's error inside of what the web client throws. */
function serverError(error: unknown): ServerError | null {
  if (typeof error !== "object" || error === null) return null;
  if ("exceptionName" in error) return error as ServerError;
  return "cause" in error ? serverError(error.cause) : null;
}

/** Whether the user lacks the right. */
export function isAccessError(error: unknown): boolean {
  return serverError(error)?.exceptionName === "odoo.exceptions.AccessError";
}

/** Why the server refused, in its own words; null when it failed in another way. */
export function refusalText(error: unknown): string | null {
  const found = serverError(error);
  if (found === null || !REFUSALS.has(found.exceptionName)) return null;
  return found.data?.message ?? null;
}

/** What the server answers, or the words in which it refused; any other failure is thrown. */
export async function asked<T>(answer: Promise<T>): Promise<{ answer: T } | { refusal: string }> {
  try {
    return { answer: await answer };
  } catch (error) {
    const refusal = refusalText(error);
    if (refusal === null) throw error;
    return { refusal };
  }
}

/** Whether the record is gone, or is none of the user's. */
export function isNoLonger(error: unknown): boolean {
  return isAccessError(error) || serverError(error)?.exceptionName === MISSING;
}
