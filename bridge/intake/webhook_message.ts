/** What the door makes of an authentic message before it is stored. */
import { createHash } from "node:crypto";
import type { Connection } from "../connection.ts";
import { MilepostError } from "../errors.ts";
import type { RawMessage } from "../sources/source.ts";

/** A longer message would hold up all others while its sender waits: what is wrong is found later. */
const MAX_CHECKED_BYTES = 100_000;

/**
 * What is wrong with a message, for its sender to hear; nothing is said of a long one. It is taken all the same: what is authentic
 * is kept, the good in it goes on, the rest is a dead letter or, in an unknown version, quarantine.
 */
export function faultOf({ source, settings }: Connection, message: RawMessage) {
  if (message.body.length > MAX_CHECKED_BYTES) return undefined;
  try {
    source.check(message, settings);
    return undefined;
  } catch (error) {
    if (!(error instanceof MilepostError)) throw error;
    const { code, path, message: detail } = error;
    return { code, detail, ...(path === undefined ? {} : { path }) };
  }
}

/** The sender's own id of the message, where one comes in a header that its signature covers. */
export function idOf({ config }: Connection, headers: NodeJS.Dict<string[]>): string | undefined {
  const webhook = config.webhook;
  const { verifier } = webhook ?? {};
  const isSigned =
    verifier?.scheme === "standard_webhooks" ||
    (verifier?.scheme === "hmac" && verifier.message.includes("header:webhook-id"));
  const header = webhook?.id_header ?? (isSigned ? "webhook-id" : undefined);
  return header === undefined ? undefined : headers[header]?.[0];
}

/**
 * The same bytes are the same message, under one id: a sender that says the same again under a new
 * id means it again. Never the id alone: who reuses an id for other content must lose nothing.
 */
export function dedupeKey(id: string | undefined, body: Buffer): string {
  const hash = createHash("sha256");
  if (id !== undefined) hash.update(`${id}\0`);
  return hash.update(body).digest("hex");
}
