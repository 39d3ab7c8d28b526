/** A server's public key as known_hosts and ssh-keyscan write it. */
import type { ServerHostKeyAlgorithm } from "ssh2";
import { z } from "zod";

export interface HostKey {
  /** What to ask the server for, so that it shows this key and not another of its own. */
  algorithms: ServerHostKeyAlgorithm[];
  /** Base64 of the key's own bytes. */
  key: string;
}

/** An RSA key signs by several algorithms; SHA-1 (ssh-rsa) is not among those we take. */
const ALGORITHMS: Readonly<Record<string, ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
};

/** `[host] <type> <base64> [comment]`, a line of known_hosts or of a .pub file. */
export const hostKeyType = z.string().transform((line, context): HostKey => {
  const parts = line.trim().split(/\s+/);
  const at = parts.findIndex((part) => part in ALGORITHMS);
  const type = parts[at] ?? "";
  const key = Buffer.from(parts[at + 1] ?? "", "base64");
  // The key's own bytes begin with the length and name of its type.
  const named = key.length > 4 ? key.toString("latin1", 4, 4 + key.readUInt32BE(0)) : "";
  if (at !== -1 && named === type)
    return { algorithms: ALGORITHMS[type] ?? [], key: key.toString("base64") };
  context.addIssue({
    code: "custom",
    message: `must be a line of known_hosts (ssh-keyscan): one of ${Object.keys(ALGORITHMS).join(", ")} and the key`,
  });
  return z.NEVER;
});
