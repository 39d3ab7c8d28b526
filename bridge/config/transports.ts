/**
 * A partner's file says how the partner is reached; what the connection itself configures counts
 * more, member by member.
 */
import { isAbsolute, join } from "node:path";
import type { AnySource } from "../sources/source.ts";
import { isTree, type Tree } from "./tree.ts";

/** Where partners' files lie when the configuration does not say. */
export const DEFAULT_PARTNERS_DIR = "/etc/milepost/partners";

/**
 * The tree with the partners' transports under its connections. What cannot be read is left as it
 * is: the connection's settings are checked, and refused, later.
 */
export function withTransports(
  tree: unknown,
  sources: ReadonlyMap<string, Pick<AnySource, "settings" | "transport">>,
): unknown {
  if (!isTree(tree) || !Array.isArray(tree["connections"])) return tree;
  const named = tree["partners_dir"];
  const directory = typeof named === "string" ? named : DEFAULT_PARTNERS_DIR;
  const connections = tree["connections"].map((it: unknown) =>
    isTree(it) ? withTransport(it, directory, sources.get(String(it["source"]))) : it,
  );
  return { ...tree, connections };
}

function withTransport(
  connection: Tree,
  directory: string,
  source: Pick<AnySource, "settings" | "transport"> | undefined,
): Tree {
  const given = connection["settings"];
  if (source?.transport === undefined || !isTree(given)) return connection;
  const { partner } = given;
  if (typeof partner !== "string") return connection;
  const settings = { ...given, partner: isAbsolute(partner) ? partner : join(directory, partner) };
  const parsed = source.settings.safeParse(settings);
  if (!parsed.success) return { ...connection, settings };
  return { ...merged(source.transport(parsed.data), connection), settings };
}

/**
 * Two levels: a connection that sets `peer.auth` keeps the file's `peer.base_url`. An `auth` that
 * names no type of its own is the file's with other members.
 */
function merged(under: Readonly<Tree>, over: Readonly<Tree>): Tree {
  const result: Tree = { ...under, ...over };
  for (const [name, value] of Object.entries(under)) {
    const own = over[name];
    if (!isTree(value) || !isTree(own)) continue;
    const [auth, other] = [value["auth"], own["auth"]];
    const isSame = isTree(auth) && isTree(other) && other["type"] === undefined;
    result[name] = { ...value, ...own, ...(isSame && { auth: { ...auth, ...other } }) };
  }
  return result;
}
