/**
 * `npm run build [-- --check]`: the web client's part, from `web/` into the addon.
 *
 * The result is committed, so that installing the addon needs no Node. With --check nothing is
 * written, and the exit code is 1 when the committed files differ from what the sources give.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "../..");
const SOURCES = join(ROOT, "web");
const TARGET = join(ROOT, "odoo_addon/milepost/static/src/dist");
const NOTE = "Generated from web/ by `npm run build`; do not edit.";

/** The files of one kind below web/, in an order that does not depend on the machine. */
function sources(extension: string): string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(extension))
    .map((file) => join(SOURCES, file))
    .toSorted();
}

/** Odoo's own transpiler turns the module into its format, and minifies it. */
async function script(): Promise<string> {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: ["web/main.ts"],
    outfile: join(TARGET, "milepost.js"),
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    external: ["@odoo/owl", "@web/*", "@bus/*"],
    minify: false,
    sourcemap: false,
    logLevel: "warning",
    banner: { js: `// ${NOTE}` },
  });
  return mustBeTranslatable(result.outputFiles[0]?.text ?? "");
}

/** Odoo's extraction of terms knows the function by its name alone. */
function mustBeTranslatable(code: string): string {
  const imports = code.match(/from "@web\/core\/l10n\/translation"/g) ?? [];
  if (imports.length !== 1 || /\b_t\d+\b/.test(code)) {
    throw new Error("_t must be imported in web/translation.ts only, or terms are not translated");
  }
  return code;
}

/** One file of templates. Their names must be unique: OWL refuses a second one at start. */
function templates(): string {
  const bodies = sources(".xml").map((file) => {
    const text = readFileSync(file, "utf8");
    const body = /<templates[^>]*>\n?([\s\S]*?)\n?<\/templates>/.exec(text)?.[1];
    if (body === undefined) throw new Error(`${relative(ROOT, file)} holds no <templates>`);
    return body;
  });
  const head = `<?xml version="1.0" encoding="UTF-8" ?>\n<!-- ${NOTE} -->\n`;
  return `${head}<templates xml:space="preserve">\n${bodies.join("\n\n")}\n</templates>\n`;
}

function styles(): string {
  const parts = sources(".scss").map((file) => {
    const name = relative(ROOT, file).split(sep).join("/");
    return `// ${name}\n${readFileSync(file, "utf8")}`;
  });
  return `// ${NOTE}\n${parts.join("\n")}`;
}

function committed(file: string): string | null {
  try {
    return readFileSync(join(TARGET, file), "utf8");
  } catch {
    return null; // not built yet
  }
}

const wanted = new Map([
  ["milepost.js", await script()],
  ["milepost.xml", templates()],
  ["milepost.scss", styles()],
]);
if (process.argv.includes("--check")) {
  const drifted = [...wanted].filter(([file, text]) => committed(file) !== text);
  if (drifted.length > 0) {
    const names = drifted.map(([file]) => file).join(", ");
    console.error(`The addon's web files are not those of the sources (${names}): npm run build`);
    process.exitCode = 1;
  }
} else {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const [file, text] of wanted) writeFileSync(join(TARGET, file), text);
}
