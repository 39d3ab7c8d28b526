/** The configuration's shape. deploy/config.example.yaml shows and explains every key. */
import { z } from "zod";
import { answersType } from "./answers.ts";
import { folderType, sftpType } from "./files.ts";
import { intakeType } from "./intake.ts";
import { proofLinksType } from "./proof_links.ts";
import { secretType, type SecretsNeeded } from "./secret.ts";
import { loginType } from "./login.ts";
import { keyType, signatureType, webhookKeysType } from "./signatures.ts";
import { DEFAULT_PARTNERS_DIR } from "./transports.ts";
import { headerName, host, httpUrl, port, seconds } from "./values.ts";

const codeType = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, "lower-case letters, digits, - and _");
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** A part of what is signed: body, method, path, header:<name>, pair:<name>, text:<literal>. */
const messagePart = z
  .string()
  .regex(/^(body|method|path|header:[A-Za-z0-9-]+|pair:[A-Za-z0-9]+|text:.+)$/s);

function verifierType(secret: ReturnType<typeof secretType>) {
  const keys = z
    .array(keyType(secret))
    .min(1, "at least one key: without a secret nothing is let in");
  return z.discriminatedUnion("scheme", [
    z.strictObject({
      scheme: z.literal("standard_webhooks"),
      tolerance_seconds: seconds(300, 3600),
      keys,
    }),
    z.strictObject({
      scheme: z.literal("hmac"),
      header: headerName,
      algorithm: z.enum(["sha256", "sha512", "sha1"]).default("sha256"),
      encoding: z.enum(["hex", "base64"]).default("hex"),
      parse: z.enum(["plain", "versions", "pairs"]).default("plain"),
      prefix: z.string().default(""),
      signature_pair: z.string().default("v1"),
      message: z.array(messagePart).min(1).default(["body"]),
      timestamp: z
        .string()
        .regex(/^(header|pair):[A-Za-z0-9-]+$/)
        .optional(),
      tolerance_seconds: seconds(300, 3600),
      key_encoding: z.enum(["utf8", "hex", "base64"]).default("utf8"),
      keys,
    }),
    z.strictObject({
      scheme: z.literal("token"),
      header: headerName.default("authorization"),
      prefix: z.string().default("Bearer "),
      keys,
    }),
    z.strictObject({ scheme: z.literal("basic"), user: z.string().min(1), keys }),
  ]);
}

function authType(secret: ReturnType<typeof secretType>) {
  return z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.literal("bearer"), token: secret }),
    z.strictObject({ type: z.literal("basic"), user: z.string().min(1), password: secret }),
    z.strictObject({ type: z.literal("header"), name: headerName, value: secret }),
    z.strictObject({ type: z.literal("query"), name: z.string().min(1).max(100), value: secret }),
    /** RFC 6749, section 4.4. */
    z.strictObject({
      type: z.literal("oauth2"),
      token_url: httpUrl,
      client_id: z.string().min(1).max(500),
      client_secret: secret,
      scope: z.string().max(1000).optional(),
      /** Further parameters of the token request: audience, resource, grant of a tenant. */
      parameters: z.record(z.string().max(100), z.string().max(1000)).default({}),
      /** Where the client's id and secret go: HTTP Basic, or the form. */
      credentials: z.enum(["basic", "body"]).default("basic"),
    }),
    loginType(secret),
  ]);
}

function peerType(secret: ReturnType<typeof secretType>) {
  return z.strictObject({
    base_url: httpUrl,
    auth: authType(secret).default({ type: "none" }),
    sign: signatureType(secret).optional(),
    sign_webhooks: webhookKeysType(secret).optional(),
    /** Our certificate, for partners that ask for one (mutual TLS), as PEM. */
    client_certificate: z
      .strictObject({ certificate_file: z.string().min(1), key: secret })
      .optional(),
    connect_seconds: seconds(5, 60),
    request_seconds: seconds(30, 600),
    max_bytes: z.int().min(1000).max(200_000_000).default(16_000_000),
    ca_file: z.string().min(1).optional(),
  });
}

function connectionType(secret: ReturnType<typeof secretType>) {
  return z
    .strictObject({
      code: codeType,
      source: codeType,
      settings: z.record(z.string(), z.unknown()).default({}),
      webhook: z
        .strictObject({
          enabled: z.boolean().default(true),
          path: codeType.optional(),
          verifier: verifierType(secret),
          rate_per_minute: z.int().min(1).default(6000),
          id_header: headerName.optional(),
        })
        .optional(),
      poll: z
        .strictObject({
          enabled: z.boolean().default(true),
          interval_seconds: seconds(5),
          max_interval_seconds: seconds(60),
        })
        .optional(),
      orders: z
        .strictObject({
          enabled: z.boolean().default(true),
          lease_seconds: z.int().min(10).max(3600).default(120),
          interval_seconds: seconds(0.5),
          max_interval_seconds: seconds(2),
          concurrent: z.int().min(1).max(32).default(4),
          /** Of a consumer of events that fails for so long: it is only probed from then on. */
          pause_after_seconds: seconds(3600),
          expect: answersType,
        })
        .prefault({}),
      proof_links: proofLinksType,
      peer: peerType(secret).optional(),
      folder: folderType().optional(),
      sftp: sftpType(secret).optional(),
    })
    .refine((it) => [it.peer, it.folder?.out, it.sftp?.out].filter(Boolean).length <= 1, {
      path: ["peer"],
      message: "one way out: peer, folder.out or sftp.out",
    })
    .refine((it) => it.poll === undefined || it.peer !== undefined, {
      path: ["poll"],
      message: "polling needs peer.base_url",
    })
    .refine((it) => !it.proof_links.with_credentials || it.peer !== undefined, {
      path: ["proof_links", "with_credentials"],
      message: "there are no credentials without peer",
    });
}

function adminType(secret: ReturnType<typeof secretType>) {
  return z
    .strictObject({
      host: host.default("127.0.0.1"),
      port: port.default(8481),
      /** May do everything. */
      token: secret.optional(),
      /** May only look: for monitoring. */
      read_token: secret.optional(),
      /** Names under which the port may be asked, beside addresses and localhost. */
      hosts: z.array(z.string().toLowerCase()).default([]),
      /** `admin.sock` in data_dir when not given. */
      socket: z.string().startsWith("/").max(100).optional(),
    })
    .refine((admin) => LOOPBACK.has(admin.host) || admin.token !== undefined, {
      path: ["token"],
      message: "beyond loopback the admin port needs a token",
    })
    .prefault({});
}

function odooType(secret: ReturnType<typeof secretType>) {
  return z
    .strictObject({
      url: httpUrl,
      database: z.string().min(1),
      database_uuid: z.string().min(1).optional(),
      transport: z.enum(["json2", "xmlrpc"]).default("json2"),
      login: z.string().min(1).optional(),
      api_key: secret,
      ca_file: z.string().min(1).optional(),
      lanes: z.int().min(1).max(16).default(2),
      batch_facts: z.int().min(1).max(500).default(500),
      batch_bytes: z.int().min(10_000).max(64_000_000).default(8_000_000),
      linger_ms: z.int().min(0).max(20).default(5),
      connect_seconds: seconds(5, 60),
      call_seconds: seconds(120, 900),
      probe_seconds: seconds(5, 600),
    })
    .refine((odoo) => odoo.transport !== "xmlrpc" || odoo.login !== undefined, {
      path: ["login"],
      message: "xmlrpc needs the login that the API key belongs to",
    });
}

function connectionsType(secret: ReturnType<typeof secretType>) {
  return z
    .array(connectionType(secret))
    .superRefine((connections, context) => {
      const seen = new Set<string>();
      for (const [index, { code, webhook }] of connections.entries()) {
        const path = webhook?.path ?? code;
        if (seen.has(code) || seen.has(`/${path}`)) {
          context.addIssue({
            code: "custom",
            path: [index, "code"],
            message: `"${code}" is there twice`,
          });
        }
        seen.add(code).add(`/${path}`);
      }
    })
    .default([]);
}

/** The whole configuration. Secrets are read while it is checked. */
export function configType(
  environment: Readonly<Record<string, string | undefined>>,
  needed: SecretsNeeded = "now",
) {
  const secret = secretType(environment, needed);
  return z.strictObject({
    environment: codeType,
    data_dir: z.string().min(1),
    partners_dir: z.string().min(1).default(DEFAULT_PARTNERS_DIR),
    log_level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
    intake: intakeType,
    admin: adminType(secret),
    store: z
      .strictObject({
        min_free_mb: z.int().min(0).default(512),
        retention_days: z.int().min(1).default(400),
        unresolved_days: z.int().min(1).default(730),
        /** The first seals, the others still open. Without any the bridge makes one in data_dir. */
        keys: z
          .array(z.strictObject({ id: z.string().regex(/^[\w.-]{1,32}$/), key: secret }))
          .refine((keys) => new Set(keys.map((it) => it.id)).size === keys.length, "each id once")
          .default([]),
      })
      .prefault({}),
    backup: z
      .strictObject({
        dir: z.string().startsWith("/").default("/var/backups/milepost"),
        /** 32 bytes as base64, as `milepost keys new` prints it. */
        key: secret.optional(),
        keep_days: z.int().min(1).default(30),
        keep_at_least: z.int().min(1).default(7),
      })
      .prefault({}),
    odoo: odooType(secret),
    connections: connectionsType(secret),
  });
}

export type Config = Readonly<z.infer<ReturnType<typeof configType>>>;
export type ConnectionConfig = Config["connections"][number];
export type VerifierConfig = NonNullable<ConnectionConfig["webhook"]>["verifier"];
export type FolderConfig = NonNullable<ConnectionConfig["folder"]>;
export type SftpConfig = NonNullable<ConnectionConfig["sftp"]>;
export type PeerConfig = NonNullable<ConnectionConfig["peer"]>;
export type OdooConfig = Config["odoo"];
