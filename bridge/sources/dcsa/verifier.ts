/** How DCSA publishers sign what they push. */
import type { VerifierPreset } from "../verifier_preset.ts";

/** 2.x: `Notification-Signature: sha256=<hex>` over the body; the shared secret is base64. */
export const dcsaVerifier: VerifierPreset = {
  scheme: "hmac",
  header: "notification-signature",
  algorithm: "sha256",
  encoding: "hex",
  parse: "plain",
  prefix: "sha256=",
  message: ["body"],
  key_encoding: "base64",
};

/** 3.0 leaves authentication to the parties; a bearer token is the least. */
export const dcsaV3Verifier: VerifierPreset = {
  scheme: "token",
  header: "authorization",
  prefix: "Bearer ",
};
