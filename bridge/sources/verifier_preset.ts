/**
 * How a partner signs its webhooks, as data: the connection's `webhook.verifier` without the keys.
 * A source lists its own by name; a connection takes one with `verifier: {preset: NAME}`.
 * The members are those of the configuration (deploy/config.example.yaml explains them).
 */

export type VerifierPreset =
  | { readonly scheme: "standard_webhooks"; readonly tolerance_seconds: number }
  | {
      readonly scheme: "hmac";
      readonly header: string;
      readonly algorithm: "sha256" | "sha512" | "sha1";
      readonly encoding: "hex" | "base64";
      /** `plain`: the header is the signature; `pairs`: `t=…,v1=…`. */
      readonly parse: "plain" | "versions" | "pairs";
      readonly prefix?: string;
      readonly signature_pair?: string;
      /** What is signed, in order: body, method, path, header:<name>, pair:<name>, text:<literal>. */
      readonly message: readonly string[];
      readonly timestamp?: string;
      readonly tolerance_seconds?: number;
      readonly key_encoding?: "utf8" | "hex" | "base64";
    }
  | { readonly scheme: "token"; readonly header: string; readonly prefix: string }
  | { readonly scheme: "basic"; readonly user: string };
