/** How FourKites' callbacks are let in: basic authentication with the user and password given to FourKites. */
import type { VerifierPreset } from "../shared/json/verifier_preset.ts";

export const fourkitesVerifier: VerifierPreset = { scheme: "basic", user: "fourkites" };
