/**
 * Is this webhook from who it says? A verifier is data, not code: which header, how it is read,
 * what is signed, which keys. So a new provider is a few lines of configuration.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { VerifierConfig } from "../config.ts";

type Key = VerifierConfig["keys"][number];
type HmacConfig = Extract<VerifierConfig, { scheme: "hmac" }>;

export interface SignedRequest {
  method: string;
  /** Path with query, as it was asked for. */
  path: string;
  /** Every value of a header, lower-case name; two values of one header are never joined. */
  header(name: string): readonly string[];
  body: Buffer;
}

/** `reason` is for the log only; the sender hears nothing but 401. */
/** With `aheadMs` the signature is right, and its time so far ahead of ours (negative: behind). */
export type Verification = { ok: true } | { ok: false; reason: string; aheadMs?: number };

export type Verifier = (request: SignedRequest, now: Date) => Verification;

const refused = (reason: string): Verification => ({ ok: false, reason });

/** Makes the check from its configuration. Without a key that is valid now nothing passes. */
export function createVerifier(config: VerifierConfig): Verifier {
  if (config.scheme === "token") return (request, now) => plainSecret(config, request, now);
  if (config.scheme === "basic") {
    return (request, now) =>
      plainSecret({ ...config, header: "authorization", prefix: "Basic " }, request, now);
  }
  const hmac = config.scheme === "hmac" ? config : standardWebhooks(config);
  return (request, now) => verifyHmac(hmac, request, now);
}

/** Standard Webhooks (standardwebhooks.com) in the terms of the general scheme. */
function standardWebhooks(
  config: Extract<VerifierConfig, { scheme: "standard_webhooks" }>,
): HmacConfig {
  return {
    scheme: "hmac",
    header: "webhook-signature",
    algorithm: "sha256",
    encoding: "base64",
    parse: "versions",
    prefix: "",
    signature_pair: "v1",
    message: ["header:webhook-id", "text:.", "header:webhook-timestamp", "text:.", "body"],
    timestamp: "header:webhook-timestamp",
    tolerance_seconds: config.tolerance_seconds,
    key_encoding: "base64",
    keys: config.keys,
  };
}

function validKeys(keys: readonly Key[], now: Date): Key[] {
  const at = now.getTime();
  return keys.filter(
    (key) => at >= (key.not_before ?? -Infinity) && at <= (key.not_after ?? Infinity),
  );
}

function plainSecret(
  config: { header: string; prefix: string; keys: readonly Key[]; user?: string },
  request: SignedRequest,
  now: Date,
): Verification {
  const values = request.header(config.header);
  const [value] = values;
  if (value === undefined || values.length > 1) return refused(`${config.header} missing or twice`);
  if (value.slice(0, config.prefix.length).toLowerCase() !== config.prefix.toLowerCase()) {
    return refused(`${config.header} has another scheme`);
  }
  const given = value.slice(config.prefix.length);
  const matches = validKeys(config.keys, now).some(({ secret }) =>
    sameText(
      given,
      config.user === undefined ? secret.reveal() : basic(config.user, secret.reveal()),
    ),
  );
  return matches ? { ok: true } : refused("no valid key fits");
}

function basic(user: string, password: string): string {
  return Buffer.from(`${user}:${password}`).toString("base64");
}

/** Compares in constant time, whatever the lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac("sha256", "milepost").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function verifyHmac(config: HmacConfig, request: SignedRequest, now: Date): Verification {
  const values = request.header(config.header);
  const [value] = values;
  if (value === undefined || values.length > 1) return refused(`${config.header} missing or twice`);
  const pairs = config.parse === "pairs" ? readPairs(value) : new Map<string, string[]>();
  const late = timestampFault(config, request, pairs, now);
  if (late !== undefined && !("aheadMs" in late)) return late;
  const signed = signedBytes(config, request, pairs);
  if (signed === undefined) return refused("a signed header is missing or twice");
  const given = signatures(config, value, pairs);
  for (const key of validKeys(config.keys, now)) {
    const secret = keyBytes(key.secret.reveal(), config.key_encoding);
    if (secret.length === 0) continue;
    const expected = createHmac(config.algorithm, secret).update(signed).digest();
    if (given.some((it) => it.length === expected.length && timingSafeEqual(it, expected))) {
      return late ?? { ok: true };
    }
  }
  return refused("no valid key gives this signature");
}

/** Standard Webhooks writes its secrets as `whsec_<base64>`. */
function keyBytes(secret: string, encoding: HmacConfig["key_encoding"]): Buffer {
  return Buffer.from(encoding === "base64" ? secret.replace(/^whsec_/, "") : secret, encoding);
}

/** `t=1700000000,v1=abc,v1=def` */
function readPairs(value: string): Map<string, string[]> {
  const pairs = new Map<string, string[]>();
  for (const part of value.split(",")) {
    const at = part.indexOf("=");
    if (at <= 0) continue;
    const name = part.slice(0, at).trim();
    pairs.set(name, [...(pairs.get(name) ?? []), part.slice(at + 1).trim()]);
  }
  return pairs;
}

function signatures(
  config: HmacConfig,
  value: string,
  pairs: ReadonlyMap<string, string[]>,
): Buffer[] {
  const texts = (): string[] => {
    if (config.parse === "pairs") return pairs.get(config.signature_pair) ?? [];
    if (config.parse === "versions") {
      const mark = `${config.signature_pair},`;
      return value.split(" ").flatMap((it) => (it.startsWith(mark) ? [it.slice(mark.length)] : []));
    }
    return value.startsWith(config.prefix) ? [value.slice(config.prefix.length)] : [];
  };
  return texts()
    .slice(0, 8)
    .map((text) => Buffer.from(text, config.encoding));
}

function single(
  part: string,
  request: SignedRequest,
  pairs: ReadonlyMap<string, string[]>,
): string | undefined {
  const at = part.indexOf(":");
  const name = part.slice(at + 1);
  const values = part.startsWith("pair:")
    ? (pairs.get(name) ?? [])
    : request.header(name.toLowerCase());
  return values.length === 1 ? values[0] : undefined;
}

function timestampFault(
  config: HmacConfig,
  request: SignedRequest,
  pairs: ReadonlyMap<string, string[]>,
  now: Date,
): Extract<Verification, { ok: false }> | undefined {
  if (config.timestamp === undefined) return undefined;
  const text = single(config.timestamp, request, pairs);
  const at = text === undefined ? Number.NaN : epochSeconds(text);
  if (Number.isNaN(at)) return { ok: false, reason: "the timestamp is missing or no time" };
  const ahead = at - now.getTime() / 1000;
  if (Math.abs(ahead) <= config.tolerance_seconds) return undefined;
  const way = ahead > 0 ? "ahead of" : "behind";
  const reason = `the timestamp is ${Math.round(Math.abs(ahead))} s ${way} our clock`;
  return { ok: false, reason, aheadMs: ahead * 1000 };
}

/** Seconds or milliseconds since 1970, or a date as in mail headers or ISO 8601 (EasyPost). */
function epochSeconds(text: string): number {
  if (/^\d{9,14}$/.test(text)) return text.length > 11 ? Number(text) / 1000 : Number(text);
  return /^[\w:,.+ -]{16,40}$/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
}

function signedBytes(
  config: HmacConfig,
  request: SignedRequest,
  pairs: ReadonlyMap<string, string[]>,
): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const part of config.message) {
    if (part === "body") parts.push(request.body);
    else if (part === "method") parts.push(Buffer.from(request.method));
    else if (part === "path") parts.push(Buffer.from(request.path));
    else if (part.startsWith("text:")) parts.push(Buffer.from(part.slice("text:".length)));
    else {
      const value = single(part, request, pairs);
      if (value === undefined) return undefined;
      parts.push(Buffer.from(value));
    }
  }
  return Buffer.concat(parts);
}
