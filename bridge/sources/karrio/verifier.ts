/**
 * How Karrio proves itself: it sends the webhook's secret as it is in the header X-Event-Id
 * (karrioapi/karrio, task_definitions/base/webhook.py). That is a password, not a signature: use
 * https, and rotate it.
 */
import type { VerifierPreset } from "../verifier_preset.ts";

export const karrioVerifier: VerifierPreset = { scheme: "token", header: "x-event-id", prefix: "" };
