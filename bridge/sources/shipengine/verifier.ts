/**
 * How ShipEngine's webhooks are let in.
 *
 * ShipEngine signs with RSA-SHA256 over `timestamp.body` (headers x-shipengine-rsa-sha256-key-id,
 * -signature, x-shipengine-timestamp; public keys at api.shipengine.com/jwks), which the bridge
 * does not verify, because it makes no call to fetch keys while a webhook waits. Instead each
 * webhook can be registered with headers of one's own: register a long random token in this one.
 */
import type { VerifierPreset } from "../verifier_preset.ts";

export const shipengineVerifier: VerifierPreset = {
  scheme: "token",
  header: "x-milepost-token",
  prefix: "",
};
