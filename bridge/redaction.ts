/**
 * Foreign texts (a refusal of Odoo, a partner's answer) may repeat what was sent to them, our
 * secrets included. Before such a text is kept or shown, every configured secret is struck out.
 */

/** Shorter ones would strike out words that only look like them. */
const SHORTEST = 6;

const forms = new Set<string>();

/** From now on the value is struck out, also as it stands in URLs, JSON and Basic authentication. */
export function rememberSecret(value: string): void {
  const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  for (const form of [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    base64,
  ]) {
    if (form.length >= SHORTEST) forms.add(form);
  }
}

/** The text with `***` in place of every configured secret. */
export function struck(text: string): string {
  let clean = text;
  for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, "***");
  return clean;
}
