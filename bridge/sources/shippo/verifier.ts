/** How Shippo signs its webhooks: `Shippo-Auth-Signature: t=<seconds>,v1=<hex>` over `t.body`. */
import type { VerifierPreset } from "../verifier_preset.ts";

/** Shippo has to switch this on for an account; until then it offers only a token in the URL. */
export const shippoVerifier: VerifierPreset = {
  scheme: "hmac",
  header: "shippo-auth-signature",
  algorithm: "sha256",
  encoding: "hex",
  parse: "pairs",
  signature_pair: "v1",
  message: ["pair:t", "text:.", "body"],
  timestamp: "pair:t",
  tolerance_seconds: 300,
};
