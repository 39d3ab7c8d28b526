/** How FourKites' callbacks are let in: basic authentication with the user and password given to FourKites. */
import type { VerifierPreset } from "../verifier_preset.ts";

export const fourkitesVerifier: VerifierPreset = { scheme: "basic", user: "fourkites" };
