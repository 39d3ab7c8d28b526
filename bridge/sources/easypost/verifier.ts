/** How EasyPost signs its webhooks. */
import type { VerifierPreset } from "../verifier_preset.ts";

/**
 * Version 2: HMAC over timestamp, method, path and body. The path is the one that EasyPost knows
 * (`x-path`), not the one behind a reverse proxy.
 */
export const easypostVerifier: VerifierPreset = {
  scheme: "hmac",
  header: "x-hmac-signature-v2",
  algorithm: "sha256",
  encoding: "hex",
  parse: "plain",
  prefix: "hmac-sha256-hex=",
  message: ["header:x-timestamp", "method", "header:x-path", "body"],
  timestamp: "header:x-timestamp",
  tolerance_seconds: 300,
};

/**
 * The older scheme: the body alone, so a replay is told only by the durable dedupe key. EasyPost's
 * libraries bring the secret into Unicode form NFKD first; choose an ASCII secret.
 */
export const easypostLegacyVerifier: VerifierPreset = {
  scheme: "hmac",
  header: "x-hmac-signature",
  algorithm: "sha256",
  encoding: "hex",
  parse: "plain",
  prefix: "hmac-sha256-hex=",
  message: ["body"],
};
