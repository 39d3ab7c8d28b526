/**
 * How project44's webhooks are let in. There is no official signature: project44 sends the API
 * key, or the OAuth2 token, that was set when the webhook was made.
 */
import type { VerifierPreset } from "../verifier_preset.ts";

export const project44Verifier: VerifierPreset = {
  scheme: "token",
  header: "authorization",
  prefix: "Bearer ",
};
