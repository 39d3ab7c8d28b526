/** How AfterShip signs its webhooks: the body alone, base64. */
import type { VerifierPreset } from "../verifier_preset.ts";

export const aftershipVerifier: VerifierPreset = {
  scheme: "hmac",
  header: "aftership-hmac-sha256",
  algorithm: "sha256",
  encoding: "base64",
  parse: "plain",
  message: ["body"],
};

/** The same signature under the name that newer accounts send. */
export const aftershipNewerVerifier: VerifierPreset = {
  ...aftershipVerifier,
  header: "as-signature-hmac-sha256",
};
