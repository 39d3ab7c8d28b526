/**
 * Secrets of the configuration: where they come from, and that nobody prints them.
 *
 * In YAML a secret names its place, so that the file itself can be shown around:
 * `{credential: odoo_api_key}` (systemd's LoadCredential), `{file: /run/secrets/key}`,
 * `{env: ODOO_API_KEY}`. A literal text is taken too, for tests and first steps.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { MilepostError } from "../errors.ts";
import { rememberSecret } from "../redaction.ts";
import { configError } from "./config_error.ts";

/** A text that shows as `***` in every print, log and JSON. */
export class Secret {
  readonly #value: string | MilepostError;
  /** An error stands for a secret that cannot be had here: it is thrown by who needs it. */
  constructor(value: string | MilepostError) {
    this.#value = value;
    if (typeof value === "string") rememberSecret(value);
  }
  reveal(): string {
    if (typeof this.#value !== "string") throw this.#value;
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

/** When a secret must be there: with the configuration, or not before somebody uses it. */
export type SecretsNeeded = "now" | "when used";

/** The zod type of a secret: reads its place while the configuration is checked. */
export function secretType(environment: Environment, needed: SecretsNeeded = "now") {
  return place.transform((from, context) => {
    let message = "the secret is empty";
    try {
      const value = readSecret(from, environment).trimEnd();
      if (value !== "") return new Secret(value);
    } catch (error) {
      message = (error as Error).message;
    }
    if (needed === "when used") return new Secret(configError(message, undefined, HINT));
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}

/**
 * Where credentials are looked for outside the unit: where systemd puts those of the running unit,
 * and where they lie; root may read both.
 */
const UNIT_CREDENTIALS = "/run/credentials/milepost.service";
const CREDENTIAL_FILES = "/etc/milepost/credentials";
/** `LoadCredential=milepost:FOLDER` names each file of the folder so. */
const PREFIX = "milepost_";
const HINT = "run it as root, or with the secrets at hand";

function readSecret(from: Place, environment: Environment): string {
  if (typeof from === "string") return from;
  if ("env" in from) return found(environment[from.env], `environment variable ${from.env}`);
  if ("file" in from) return readFileSync(from.file, "utf8");
  return readFileSync(credentialFile(from.credential, environment), "utf8");
}

/** A credential is the file of its name, with or without the unit's prefix. */
function credentialFile(name: string, environment: Environment): string {
  const given = environment["CREDENTIALS_DIRECTORY"];
  const folders = given === undefined ? [UNIT_CREDENTIALS, CREDENTIAL_FILES] : [given];
  const bare = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
  const places = folders.flatMap((it) => [name, PREFIX + bare, bare].map((file) => join(it, file)));
  const file = places.find((it) => existsSync(it));
  if (file !== undefined) return file;
  const where =
    given === undefined ? `${folders.join(" and ")} (CREDENTIALS_DIRECTORY is not set)` : given;
  throw new Error(
    `credential ${name}: there is no file ${bare} that this user may read in ${where}`,
  );
}

function found(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`${what} is not set`);
  return value;
}
