/**
 * Configuration that was tried, for another environment: connections and partners' files of the
 * bridge; connections, code maps, policies, rates of Odoo. Secrets never travel: they are masked
 * where they stand.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { odooBundle } from "../canonical/exchange.ts";
import { type Config, effectiveConfig } from "../config.ts";
import { isTree } from "../config/tree.ts";
import { MilepostError } from "../errors.ts";
import { parsePartner } from "../sources/mapped/partner_file.ts";

const FORMAT = 1;
/** Own to each environment, whatever was tried: never a difference. */
const OWN_MEMBERS = new Set(["base_url", "token_url", "host", "host_keys", "port", "user"]);

const connection = z.looseObject({ code: z.string() });
const bundleType = z.strictObject({
  format: z.literal(FORMAT),
  environment: z.string(),
  made_at: z.string(),
  connections: z.array(connection),
  /** The partners' files, by name. */
  partners: z.record(z.string().regex(/^[\w.-]+$/), z.string()),
  odoo: odooBundle,
});
export type Bundle = z.infer<typeof bundleType>;

/** One thing that is otherwise here than in the bundle. */
export interface Difference {
  where: string;
  text: string;
  /** What a person has to do; without it the command does it itself. */
  todo?: string;
}

export function makeBundle(config: Config, odoo: Bundle["odoo"], now: Date): Bundle {
  const files = config.connections.flatMap(({ settings }) => partnerFile(settings) ?? []);
  const partners = Object.fromEntries(files.map((it) => [basename(it), readFileSync(it, "utf8")]));
  const made_at = now.toISOString();
  const connections = connectionsOf(config);
  return { format: FORMAT, environment: config.environment, made_at, connections, partners, odoo };
}

/** Reads a bundle. Throws MilepostError `bundle_unreadable`. */
export function readBundle(file: string): Bundle {
  try {
    return bundleType.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new MilepostError(`${file} is no bundle: ${(error as Error).message}`, {
      code: "bundle_unreadable",
      retry: "never",
      culprit: file,
      hint: "make one with milepost bundle make, of a release that this one knows",
      cause: error,
    });
  }
}

/** What of the bridge's own part is otherwise here; `folder`: where partners' files lie. */
export function differences(bundle: Bundle, config: Config): Difference[] {
  const here = new Map(connectionsOf(config).map((it) => [it.code, it]));
  const ofConnections = bundle.connections.flatMap((there): Difference[] => {
    const where = `connection ${there.code}`;
    const own = here.get(there.code);
    if (own !== undefined) return unlike(own, there, "").map((it) => ({ where, ...it }));
    const todo = `add it to the configuration: ${JSON.stringify(there)}`;
    return [{ where, text: "is not in the configuration", todo }];
  });
  const ofPartners = Object.entries(bundle.partners).flatMap(([name, text]): Difference[] => {
    const file = fileHere(config, name);
    const where = `partner ${file}`;
    if (!existsSync(file)) return [{ where, text: "is not there" }];
    const own = readFileSync(file, "utf8");
    if (own === text) return [];
    const [before, after] = [versionOf(own, file), versionOf(text, name)];
    const change = `version ${before} here, ${after} in the bundle`;
    if (after > before) return [{ where, text: change }];
    return [{ where, text: change, todo: "another text needs a higher version: raise it in test" }];
  });
  return [...ofConnections, ...ofPartners];
}

/** Writes the partners' files that are new or of a higher version; gives their names. */
export function takePartners(bundle: Bundle, config: Config): string[] {
  const taken = differences(bundle, config).filter(
    ({ where, todo }) => where.startsWith("partner ") && todo === undefined,
  );
  return taken.map(({ where }) => {
    const file = where.slice("partner ".length);
    writeFileSync(file, bundle.partners[basename(file)] ?? "", { mode: 0o640 });
    return file;
  });
}

/** The connections as they take effect; partners' files by their bare names. */
function connectionsOf(config: Config): Bundle["connections"] {
  const { connections } = effectiveConfig(config) as Pick<Bundle, "connections">;
  return connections.map((it) => {
    const file = partnerFile(it["settings"]);
    return file === undefined ? it : { ...it, settings: { partner: basename(file) } };
  });
}

function partnerFile(settings: unknown): string | undefined {
  const partner = isTree(settings) ? settings["partner"] : undefined;
  return typeof partner === "string" ? partner : undefined;
}

function fileHere({ connections, partners_dir }: Config, name: string): string {
  const files = connections.flatMap(({ settings }) => partnerFile(settings) ?? []);
  const folder = files.find((it) => basename(it) === name);
  return folder === undefined ? `${partners_dir}/${name}` : `${dirname(folder)}/${name}`;
}

function versionOf(text: string, file: string): number {
  return parsePartner(text, file).mapping.mapping.version;
}

function unlike(here: unknown, there: unknown, path: string): Array<Omit<Difference, "where">> {
  if (isTree(here) && isTree(there)) {
    const names = [...new Set([...Object.keys(here), ...Object.keys(there)])];
    return names
      .filter((name) => !OWN_MEMBERS.has(name))
      .flatMap((name) => unlike(here[name], there[name], `${path}/${name}`));
  }
  const [own, wanted] = [JSON.stringify(here) ?? "nothing", JSON.stringify(there) ?? "nothing"];
  if (own === wanted) return [];
  const todo = "bring the configuration to it, if it was tried so";
  return [{ text: `${path} is ${own} here, ${wanted} in the bundle`, todo }];
}
