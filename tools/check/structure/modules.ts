/** The TypeScript modules of the repository: what each imports from where, and what it exports. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export interface Import {
  from: string;
  /** A file of the repository, or a package's name. */
  to: string;
  names: readonly string[];
}

export interface Module {
  file: string;
  text: string;
  imports: readonly Import[];
}

const IMPORT = /^(?:import|export)\s+(?:type\s+)?(?:([^;"=]*?)\sfrom\s+)?"([^"]+)"/gms;
const DYNAMIC = /\bimport\("(\.[^"]+)"\)/g;

/** Every module of bridge, web, tools and tests. */
export function readModules(): Module[] {
  return globSync("{bridge,web,tools,tests}/**/*.ts")
    .filter((file) => !file.endsWith(".d.ts"))
    .sort()
    .map((file) => moduleOf(file, readFileSync(file, "utf8")));
}

/** The module as its text says; types are imports like others. */
export function moduleOf(file: string, text: string): Module {
  const resolve = (name: string) =>
    name.startsWith(".") ? normalize(join(dirname(file), name)) : name;
  const named = [...text.matchAll(IMPORT)].map(([, what = "", name = ""]) => ({
    from: file,
    to: resolve(name),
    names: namesOf(what),
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, name = ""]) => ({
    from: file,
    to: resolve(name),
    names: ["*"],
  }));
  return { file, text, imports: [...named, ...dynamic] };
}

/** The exported names that an import statement takes; `*` for the whole module. */
function namesOf(what: string): string[] {
  const braces = /\{([^}]*)\}/.exec(what)?.[1];
  const listed = (braces ?? "")
    .split(",")
    .map(
      (it) =>
        it
          .trim()
          .replace(/^type\s+/, "")
          .split(/\s+as\s+/)[0] ?? "",
    )
    .filter((it) => it !== "");
  if (what.includes("*")) return ["*"];
  const isDefault = /^\w+\s*(,|$)/.test(what.trim()) && what.trim() !== "";
  return isDefault ? ["default", ...listed] : listed;
}
