/**
 * Secrets of the configuration: where they come from, and that nobody prints them.
 *
 * In YAML a secret names its place, so that the file itself can be shown around:
 * `{credential: odoo_api_key}` (systemd's LoadCredential), `{file: /run/secrets/key}`,
 * `{env: ODOO_API_KEY}`. A literal text is taken too, for tests and first steps.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { rememberSecret } from "../redaction.ts";

/** A text that shows as `***` in every print, log and JSON. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
    rememberSecret(value);
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "***";
  }
  toJSON(): string {
    return "***";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "***";
  }
}

const place = z.union([
  z.string().min(1),
  z.strictObject({ credential: z.string().regex(/^[\w.-]+$/) }),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().min(1) }),
]);

type Place = z.infer<typeof place>;
type Environment = Readonly<Record<string, string | undefined>>;

/** The zod type of a secret: reads its place while the configuration is checked. */
export function secretType(environment: Environment) {
  return place.transform((from, context) => {
    try {
      const value = readSecret(from, environment).trimEnd();
      if (value !== "") return new Secret(value);
      context.addIssue({ code: "custom", message: "the secret is empty" });
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
    return z.NEVER;
  });
}

function readSecret(from: Place, environment: Environment): string {
  if (typeof from === "string") return from;
  if ("env" in from) return found(environment[from.env], `environment variable ${from.env}`);
  if ("file" in from) return readFileSync(from.file, "utf8");
  const directory = environment["CREDENTIALS_DIRECTORY"];
  if (directory === undefined) {
    throw new Error(
      `credential ${from.credential}: CREDENTIALS_DIRECTORY is not set (LoadCredential= of systemd)`,
    );
  }
  return readFileSync(join(directory, from.credential), "utf8");
}

function found(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} is not set`);
  return value;
}
