/** The keys of signatures, those that come in and those that go out. */
import { z } from "zod";
import type { secretType } from "./secret.ts";
import { headerName } from "./values.ts";

type SecretType = ReturnType<typeof secretType>;

/** A secret in its time, so that one can follow another without a gap. */
export function keyType(secret: SecretType) {
  const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
  return z.strictObject({
    secret,
    not_before: instant.optional(),
    not_after: instant.optional(),
  });
}

/** A signature beside the authentication: an HMAC over parts of the request. */
export function signatureType(secret: SecretType) {
  return z.strictObject({
    header: headerName,
    prefix: z.string().max(100).default(""),
    algorithm: z.enum(["sha256", "sha512", "sha1"]).default("sha256"),
    encoding: z.enum(["hex", "base64"]).default("hex"),
    key: secret,
    /** Parts in their order: method, path (with the query), body, timestamp, text:<literal>. */
    message: z
      .array(z.string().regex(/^(method|path|body|timestamp|text:.+)$/s))
      .min(1)
      .default(["body"]),
    /** Header of the time of the request, and how it is written. */
    timestamp_header: headerName.optional(),
    timestamp: z.enum(["epoch", "epoch_ms", "iso"]).default("epoch"),
  });
}

/** A signature by Standard Webhooks: every key that is valid now signs, as `whsec_<base64>`. */
export function webhookKeysType(secret: SecretType) {
  return z.strictObject({ keys: z.array(keyType(secret)).min(1).max(4) });
}
