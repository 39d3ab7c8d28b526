/**
 * The configuration: YAML, then environment variables over it; checked once, then frozen.
 * What is not known is refused with its path and a suggestion.
 */
import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { z } from "zod";
import { applyEnvironment, type Override } from "./config/environment.ts";
import { configError } from "./config/config_error.ts";
import { withPresets } from "./config/presets.ts";
import { configType, type Config } from "./config/schema.ts";
import { Secret, type SecretsNeeded } from "./config/secret.ts";
import { namesAt, nearest } from "./config/suggestion.ts";
import { withTransports } from "./config/transports.ts";
import { isTree, type Tree } from "./config/tree.ts";
import type { MilepostError } from "./errors.ts";
import type { AnySource } from "./sources/source.ts";

export type {
  Config,
  ConnectionConfig,
  FolderConfig,
  OdooConfig,
  PeerConfig,
  SftpConfig,
  VerifierConfig,
} from "./config/schema.ts";
export type { ProofLinksConfig } from "./config/proof_links.ts";
export { Secret } from "./config/secret.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
export type Sources = ReadonlyMap<string, AnySource>;

/** Where the configuration is looked for when `--config` and MILEPOST_CONFIG name no file. */
export const DEFAULT_CONFIG_FILE = "/etc/milepost/config.yaml";

/** Reads and checks a configuration file. Throws MilepostError `config_invalid`. */
export function loadConfig(
  file: string,
  environment: Environment,
  sources: Sources,
  needed: SecretsNeeded = "now",
): Config {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw configError(
      `The configuration ${file} cannot be read: ${(error as Error).message}`,
      undefined,
      "start from deploy/config.example.yaml",
    );
  }
  return parseConfig(text, environment, sources, needed);
}

/** Checks a configuration given as YAML text. Throws MilepostError `config_invalid`. */
export function parseConfig(
  text: string,
  environment: Environment,
  sources: Sources,
  needed: SecretsNeeded = "now",
): Config {
  const document = parseDocument(text, { uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw configError(`The configuration is not YAML: ${fault.message}`);
  const tree = treeOf(document);
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) {
    throw configError("The configuration must be a mapping of keys to values");
  }
  const schema = z.toJSONSchema(configType(environment), { io: "input", unrepresentable: "any" });
  const overrides = applyEnvironment(tree as Record<string, unknown>, environment, (path) =>
    namesAt(schema, path),
  );
  return checkConfig(tree, environment, sources, overrides, needed);
}

/** Aliases that unfold into millions of values are no configuration. */
function treeOf(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 }) ?? {};
  } catch (error) {
    throw configError(
      `The configuration's aliases cannot be followed: ${(error as Error).message}`,
    );
  }
}

/** Checks a configuration given as an object: what tests and the demo use. */
export function checkConfig(
  given: unknown,
  environment: Environment,
  sources: Sources,
  overrides: readonly Override[] = [],
  needed: SecretsNeeded = "now",
): Config {
  const tree = withPresets(withTransports(given, sources), sources);
  const type = configType(environment, needed);
  let result = type.safeParse(tree);
  if (!result.success && convertOverrides(tree, result.error, overrides)) {
    result = type.safeParse(tree);
  }
  if (!result.success) throw refusal(result.error, type, overrides, tree);
  checkConnections(result.data, sources);
  return deepFreeze(result.data);
}

/** The configuration as it takes effect, secrets masked. */
export function effectiveConfig(config: Config): unknown {
  return JSON.parse(JSON.stringify(config)) as unknown;
}

/** Environment variables are texts: makes numbers and booleans of those that should be such. */
function convertOverrides(
  tree: unknown,
  error: z.ZodError,
  overrides: readonly Override[],
): boolean {
  let changed = false;
  for (const issue of error.issues) {
    const override = overrides.find((it) => it.path.join("/") === issue.path.join("/"));
    if (override === undefined || issue.code !== "invalid_type") continue;
    let holder = tree as Record<string | number, unknown>;
    for (const step of override.path.slice(0, -1)) holder = holder[step] as typeof holder;
    const name = override.path.at(-1) ?? "";
    const text = String(holder[name]);
    if (/^-?\d+(\.\d+)?$/.test(text)) holder[name] = Number(text);
    else if (text === "true" || text === "false") holder[name] = text === "true";
    else continue;
    changed = true;
  }
  return changed;
}

function refusal(
  error: z.ZodError,
  type: z.ZodType,
  overrides: readonly Override[],
  tree: unknown,
): MilepostError {
  const schema = z.toJSONSchema(type, { io: "input", unrepresentable: "any" });
  const lines = error.issues.map((issue) =>
    describe(misspelt(issue, schema, tree), schema, overrides),
  );
  const first = lines[0];
  return configError(
    `The configuration is refused:\n${lines.map((line) => `  ${line.text}`).join("\n")}`,
    first?.path,
    first?.hint,
  );
}

/** No alternative fits an object with an unknown key: that key is what is wrong with it. */
function misspelt(issue: z.core.$ZodIssue, schema: unknown, tree: unknown): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  for (const path of [issue.path, issue.path.slice(0, -1)]) {
    const at = path.reduce<unknown>(
      (node, step) => (node as Tree | undefined)?.[String(step)],
      tree,
    );
    if (!isTree(at)) continue;
    const known = namesAt(schema, path);
    const keys = Object.keys(at).filter((key) => !known.includes(key));
    if (keys.length > 0) return { code: "unrecognized_keys", keys, path, message: issue.message };
  }
  return issue;
}

function describe(issue: z.core.$ZodIssue, schema: unknown, overrides: readonly Override[]) {
  const path = issue.path.map(String).join(".");
  const by = overrides.find((it) => it.path.join(".") === path);
  const from = by === undefined ? "" : ` (from ${by.variable})`;
  if (issue.code !== "unrecognized_keys") {
    return { path, text: `${path || "the top"}: ${issue.message}${from}`, hint: undefined };
  }
  const known = namesAt(schema, issue.path);
  const texts = issue.keys.map((key) => {
    const suggestion = nearest(key, known);
    const where = path === "" ? key : `${path}.${key}`;
    const set = overrides.find((it) => it.path.join(".") === where);
    const variable = set === undefined ? "" : ` (from ${set.variable})`;
    return {
      where,
      text: `${where}: unknown key${variable}${suggestion ? `, did you mean "${suggestion}"?` : `; known are ${known.join(", ")}`}`,
      hint: suggestion === undefined ? undefined : `did you mean "${suggestion}"?`,
    };
  });
  return {
    path: texts[0]?.where ?? path,
    text: texts.map((it) => it.text).join("; "),
    hint: texts[0]?.hint,
  };
}

/** A connection's source must exist, and its settings are checked by the source itself. */
function checkConnections(config: Config, sources: Sources): void {
  for (const [index, connection] of config.connections.entries()) {
    const at = `connections.${index}`;
    const source = sources.get(connection.source);
    if (source === undefined) {
      const known = [...sources.keys()];
      const suggestion = nearest(connection.source, known);
      throw configError(
        `${at}.source: there is no source "${connection.source}"; known are ${known.join(", ") || "none"}`,
        `${at}.source`,
        suggestion === undefined ? undefined : `did you mean "${suggestion}"?`,
      );
    }
    const settings = source.settings.safeParse(connection.settings);
    if (!settings.success) {
      const issue = settings.error.issues[0];
      const path = [at, "settings", ...(issue?.path ?? []).map(String)].join(".");
      const described =
        issue === undefined
          ? undefined
          : describe(
              issue,
              z.toJSONSchema(source.settings, { io: "input", unrepresentable: "any" }),
              [],
            );
      throw configError(
        `${at}.settings of source ${source.id} are refused: ${described?.text ?? ""}`,
        path,
        described?.hint,
      );
    }
    if (connection.poll?.enabled === true && source.fetchPage === undefined) {
      throw configError(`${at}.poll: source ${source.id} cannot be polled`, `${at}.poll`);
    }
    const { peer } = connection;
    const isSigned = peer?.sign !== undefined || peer?.sign_webhooks !== undefined;
    const foul = peer && source.refusedPeer?.({ base_url: peer.base_url, isSigned });
    if (foul !== undefined) throw configError(`${at}.peer: ${foul}`, `${at}.peer`);
    for (const way of ["webhook", "folder", "sftp"] as const) {
      if (connection[way] === undefined) continue;
      const reason = source.refusedWay?.(settings.data, way);
      if (reason !== undefined) throw configError(`${at}.${way}: ${reason}`, `${at}.${way}`);
    }
    for (const way of ["folder", "sftp"] as const) {
      if (connection[way]?.out === undefined) continue;
      const reason = refusedFiles(source, settings.data);
      if (reason !== undefined)
        throw configError(`${at}.${way}.out: ${reason}`, `${at}.${way}.out`);
    }
  }
}

/** What cannot go as files is refused here: it would be found out by the first order. */
function refusedFiles(source: AnySource, settings: unknown): string | undefined {
  if (source.sendOrder === undefined || source.sends?.(settings, "orders") === false) {
    return `source ${source.id} sends nothing to a partner`;
  }
  return source.refusedFiles?.(settings);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !(value instanceof Secret)) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
