/** `webhook.verifier: {preset: NAME}`: how a source's partner signs, without its members by hand. */
import type { AnySource } from "../sources/source.ts";
import { configError } from "./config_error.ts";
import { nearest } from "./suggestion.ts";
import { isTree, type Tree } from "./tree.ts";

type Presets = ReadonlyMap<string, Pick<AnySource, "verifiers">>;

/**
 * The tree with the members of each preset under what the connection itself says. Throws
 * `config_invalid` for a preset that the connection's source does not have.
 */
export function withPresets(tree: unknown, sources: Presets): unknown {
  if (!isTree(tree) || !Array.isArray(tree["connections"])) return tree;
  const connections = tree["connections"].map((it: unknown, index) =>
    isTree(it) ? withPreset(it, index, sources) : it,
  );
  return { ...tree, connections };
}

function withPreset(connection: Tree, index: number, sources: Presets): Tree {
  const { webhook } = connection;
  if (!isTree(webhook) || !isTree(webhook["verifier"])) return connection;
  const { preset, ...own } = webhook["verifier"];
  const source = sources.get(String(connection["source"]));
  if (preset === undefined || source === undefined) return connection;
  const known = source.verifiers ?? {};
  const name = typeof preset === "string" ? preset : JSON.stringify(preset);
  if (!Object.hasOwn(known, name)) throw unknownPreset(name, Object.keys(known), connection, index);
  return { ...connection, webhook: { ...webhook, verifier: { ...known[name], ...own } } };
}

function unknownPreset(preset: string, known: readonly string[], { source }: Tree, index: number) {
  const path = `connections.${index}.webhook.verifier.preset`;
  const suggestion = nearest(preset, known);
  const names = known.length === 0 ? "it has none: name a scheme" : `known are ${known.join(", ")}`;
  return configError(
    `${path}: source ${String(source)} has no preset "${preset}"; ${names}`,
    path,
    suggestion === undefined ? undefined : `did you mean "${suggestion}"?`,
  );
}
