/**
 * A request signed by Standard Webhooks (standardwebhooks.com, "Webhook headers and signatures"):
 * what `webhook.verifier.scheme: standard_webhooks` verifies, made.
 */
import { createHash, createHmac } from "node:crypto";
import type { PeerConfig } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { PeerRequest } from "../sources/source.ts";

type Keys = NonNullable<PeerConfig["sign_webhooks"]>["keys"];

/** A shorter key can be guessed, and a text that is no base64 decodes to next to nothing. */
const LEAST_BYTES = 16;

/**
 * The headers for one request at one time: a signature by each key that is valid then, so that the
 * receiver may change over when he likes. A request without a `webhook-id` gets one of its bytes.
 * Throws MilepostError (`pause`) when there is no key to sign with.
 */
export function webhookSignature(
  keys: Keys | undefined,
  { headers, body = "" }: PeerRequest,
  now: Date,
): Record<string, string> {
  if (keys === undefined) return {};
  const id = headers?.["webhook-id"] ?? createHash("sha256").update(body).digest("hex");
  const at = now.getTime();
  const timestamp = String(Math.floor(at / 1000));
  const valid = keys.filter(
    (key) => at >= (key.not_before ?? -Infinity) && at <= (key.not_after ?? Infinity),
  );
  if (valid.length === 0) throw unsigned("no key is valid now");
  const signatures = valid.map(({ secret }) => {
    const bytes = Buffer.from(secret.reveal().replace(/^whsec_/, ""), "base64");
    if (bytes.length < LEAST_BYTES) throw unsigned("a key is no base64 of 16 bytes or more");
    const hmac = createHmac("sha256", bytes).update(`${id}.${timestamp}.`).update(body);
    return `v1,${hmac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

function unsigned(why: string): MilepostError {
  return new MilepostError(`Nothing can be signed: ${why}`, {
    code: "peer_unsigned",
    retry: "pause",
    hint: "see peer.sign_webhooks.keys of the connection",
  });
}
