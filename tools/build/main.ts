/**
 * `npm run build [-- --check]`: the web client's part, from `web/` into the addons.
 *
 * The result is committed, so that installing an addon needs no Node. With --check nothing is
 * written, and the exit code is 1 when the committed files differ from what the sources give.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { ADDONS_FOLDER } from "../addons.ts";
import { BUNDLES, CORE, SHARED_FOLDER, type Bundle } from "./bundles.ts";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "web");
const NOTE = "Generated from web/ by `npm run build`; do not edit.";
/** Bundled into each: Odoo translates a term by the addon whose file calls `_t`. */
const TRANSLATION = "web/translation.ts";

/** The files of one kind in a bundle's folders, in an order that does not depend on the machine. */
function sources({ folders }: Bundle, extension: string): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(SOURCES, folder), { recursive: true, encoding: "utf8" }).map((file) =>
        join(SOURCES, folder, file),
      ),
    )
    .filter((file) => file.endsWith(extension))
    .toSorted();
}

function target({ addon }: Bundle): string {
  return join(ADDONS_FOLDER, addon, "static/src/dist");
}

/** What all boards share is another module: that of the core's bundle, under the name that Odoo gives it. */
const sharedIsCores: Plugin = {
  name: "shared",
  setup({ onResolve }) {
    const path = `@${CORE.addon}/dist/${CORE.addon}`;
    const shared = new RegExp(`^(\\.\\./)+${SHARED_FOLDER}/`);
    onResolve({ filter: shared }, () => ({ path, external: true }));
  },
};

/** Odoo's own transpiler turns the module into its format, and minifies it. */
async function script(bundle: Bundle): Promise<string> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [`web/${bundle.addon}.ts`],
    outfile: join(target(bundle), `${bundle.addon}.js`),
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    external: ["@odoo/owl", "@web/*", "@bus/*"],
    plugins: bundle === CORE ? [] : [sharedIsCores],
    minify: false,
    sourcemap: false,
    metafile: true,
    logLevel: "warning",
    banner: { js: `// ${NOTE}` },
  });
  mustBeItsOwn(bundle, result.metafile);
  return mustBeTranslatable(result.outputFiles[0]?.text ?? "");
}

/** A component in two bundles would be two classes, and its template the other addon's. */
function mustBeItsOwn({ addon, folders }: Bundle, { inputs }: Metafile): void {
  const own = [`web/${addon}.ts`, TRANSLATION, ...folders.map((folder) => `web/${folder}/`)];
  const strange = Object.keys(inputs).filter((file) => !own.some((it) => file.startsWith(it)));
  if (strange.length > 0) {
    throw new Error(`The bundle of ${addon} holds what is not its own: ${strange.join(", ")}`);
  }
}

/** Odoo's extraction of terms knows the function by its name alone. */
function mustBeTranslatable(code: string): string {
  const imports = code.match(/from "@web\/core\/l10n\/translation"/g) ?? [];
  if (imports.length !== 1 || /\b_t\d+\b/.test(code)) {
    throw new Error(`_t must be imported in ${TRANSLATION} only, or terms are not translated`);
  }
  return code;
}

/** One file of templates. Their names must be unique: OWL refuses a second one at start. */
function templates(bundle: Bundle): string {
  const bodies = sources(bundle, ".xml").map((file) => {
    const text = readFileSync(file, "utf8");
    const body = /<templates[^>]*>\n?([\s\S]*?)\n?<\/templates>/.exec(text)?.[1];
    if (body === undefined) throw new Error(`${relative(ROOT, file)} holds no <templates>`);
    return body;
  });
  const head = `<?xml version="1.0" encoding="UTF-8" ?>\n<!-- ${NOTE} -->\n`;
  return `${head}<templates xml:space="preserve">\n${bodies.join("\n\n")}\n</templates>\n`;
}

function styles(bundle: Bundle): string {
  const parts = sources(bundle, ".scss").map((file) => {
    const name = relative(ROOT, file).split(sep).join("/");
    return `// ${name}\n${readFileSync(file, "utf8")}`;
  });
  return `// ${NOTE}\n${parts.join("\n")}`;
}

/** The files that are committed in the addons, of every bundle. */
function committed(): string[] {
  return readdirSync(ADDONS_FOLDER, { recursive: true, encoding: "utf8" })
    .map((file) => join(ADDONS_FOLDER, file))
    .filter((file) => /\/static\/src\/dist\/[^/]+$/.test(file));
}

/** By path. */
const wanted = new Map<string, string>();
for (const bundle of BUNDLES) {
  const file = join(target(bundle), bundle.addon);
  wanted.set(`${file}.js`, await script(bundle));
  wanted.set(`${file}.xml`, templates(bundle));
  wanted.set(`${file}.scss`, styles(bundle));
}
const drifted = [...new Set([...wanted.keys(), ...committed()])].filter(
  (file) => !existsSync(file) || readFileSync(file, "utf8") !== wanted.get(file),
);
if (process.argv.includes("--check")) {
  if (drifted.length > 0) {
    const names = drifted.map((file) => relative(ROOT, file)).join(", ");
    console.error(`The addons' web files are not those of the sources (${names}): npm run build`);
    process.exitCode = 1;
  }
} else {
  for (const file of drifted) rmSync(file, { force: true });
  for (const [file, text] of wanted) {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }
}
