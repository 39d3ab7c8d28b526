/** The configuration of files: a folder of this machine, or an SFTP server. */
import { z } from "zod";
import { hostKeyType } from "./host_key.ts";
import type { secretType } from "./secret.ts";
import { host, seconds } from "./values.ts";

/** Paths are as the bridge sees them: `in` is what comes to us, `out` what we send. */
const fileKeys = {
  enabled: z.boolean().default(true),
  in: z.string().min(1).optional(),
  archive: z.string().min(1).optional(),
  error: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
  pattern: z.string().min(1).max(100).default("*"),
  content_type: z.string().min(1).optional(),
  interval_seconds: seconds(5),
  settle_seconds: seconds(5, 3600),
  claim_seconds: seconds(600),
  max_bytes: z.int().min(1).max(500_000_000).default(100_000_000),
};

interface FilePaths {
  in?: string | undefined;
  archive?: string | undefined;
  error?: string | undefined;
  out?: string | undefined;
}

/** What is read must end somewhere else, and what we send must never be read as the partner's. */
function checkPaths(paths: FilePaths, context: z.RefinementCtx): void {
  const wrong = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  const named = [paths.in, paths.archive, paths.error].filter((it) => it !== undefined);
  if (named.length > 0 && named.length < 3) wrong("in", "in, archive and error go together");
  if (named.length === 0 && paths.out === undefined) wrong("in", "name in, archive, error, or out");
  const all = Object.values({ ...paths }).map((it) => it?.replace(/\/+$/, ""));
  const given = all.filter((it) => it !== undefined);
  if (new Set(given).size < given.length) wrong("in", "in, archive, error and out must differ");
}

const pathsOf = ({ in: from, archive, error, out }: FilePaths): FilePaths => ({
  in: from,
  archive,
  error,
  out,
});

/** `folder` of a connection. */
export function folderType() {
  const path = z.string().startsWith("/", "must be an absolute path").optional();
  return z
    .strictObject({ ...fileKeys, in: path, archive: path, error: path, out: path })
    .superRefine((it, context) => checkPaths(pathsOf(it), context));
}

/** `sftp` of a connection. */
export function sftpType(secret: ReturnType<typeof secretType>) {
  return z
    .strictObject({
      host,
      port: z.int().min(1).max(65_535).default(22),
      user: z.string().min(1),
      auth: z.discriminatedUnion("type", [
        z.strictObject({ type: z.literal("password"), password: secret }),
        z.strictObject({
          type: z.literal("key"),
          private_key: secret,
          passphrase: secret.optional(),
        }),
      ]),
      host_keys: z
        .array(hostKeyType)
        .min(1, "at least one key: a server that nobody knows is not spoken to"),
      connect_seconds: seconds(10, 60),
      request_seconds: seconds(60, 600),
      ...fileKeys,
    })
    .superRefine((it, context) => checkPaths(pathsOf(it), context));
}
