/** What Odoo itself would only say at installation, or not at all, about the addons' files. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addonNames, ADDONS_FOLDER, manifestOf, withNeeded } from "../addons.ts";

/** Odoo's series, then the addon's own version. */
const VERSION = /^19\.0\.\d+\.\d+\.\d+$/;
/** What OCA makes a module's README of; the other fragments are written where there is something to say. */
const FRAGMENTS = ["DESCRIPTION", "USAGE", "CONTRIBUTORS"].map((name) => `readme/${name}.md`);
const DATA_FOLDERS = "{data,demo,security,views,wizard,report}";

/** A model's name as code and data write it, and the addon that defines it. */
type Models = ReadonlyMap<string, string>;

/** Findings over manifests, XML data, security and dependencies of every addon under `folder`. */
export function checkAddons(folder = ADDONS_FOLDER): string[] {
  const names = addonNames(folder);
  const models = modelsOf(folder, names);
  return names.flatMap((name) => [
    ...manifest(folder, name),
    ...manifestFiles(folder, name),
    ...modelsWithoutAccess(folder, name),
    ...removedIdioms(folder, name),
    ...linksLikeButtons(folder, name),
    ...cardsWithoutField(folder, name),
    ...strangers(folder, name, models),
    ...testsThatNeverRun(folder, name),
  ]);
}

/** Odoo's loader takes a class's own tests; those of its parent only where it is asked to. */
function testsThatNeverRun(folder: string, name: string): string[] {
  return globSync(`${name}/tests/**/*.py`, { cwd: folder }).flatMap((file) =>
    read(folder, file)
      .split(/^(?=class )/m)
      .filter((text) => /^class Test\w+/.test(text))
      .filter((text) => !/^ {4}def test_|^ {4}allow_inherited_tests_method = True/m.test(text))
      .map((text) => /^class (\w+)/.exec(text)?.[1] ?? "")
      .map((it) => `${file}: ${it} has no test of its own: Odoo would run none of its parent's`),
  );
}

function manifest(folder: string, name: string): string[] {
  const { version = "" } = manifestOf(name, folder);
  return [
    ...(VERSION.test(version)
      ? []
      : [`${name}/__manifest__.py: version "${version}" is no 19.0.x.y.z`]),
    ...FRAGMENTS.filter((it) => !existsSync(join(folder, name, it))).map(
      (it) => `${name}: ${it} is not there`,
    ),
  ];
}

/** Every data file is named in the manifest once, and every named file is there. */
function manifestFiles(folder: string, name: string): string[] {
  const { data = [], demo = [] } = manifestOf(name, folder);
  const named = [...data, ...demo];
  const files = globSync(`${DATA_FOLDERS}/**/*.{xml,csv}`, { cwd: join(folder, name) });
  const missing = named.filter((file) => !existsSync(join(folder, name, file)));
  const twice = named.filter((file, index) => named.indexOf(file) !== index);
  return [
    ...missing.map((file) => `${name}/__manifest__.py: ${file} is not there`),
    ...twice.map((file) => `${name}/__manifest__.py: ${file} is named twice`),
    ...files
      .filter((file) => !named.includes(file))
      .map((file) => `${name}/${file}: not in the manifest, so Odoo never reads it`),
  ];
}

/** A model without an access line can be used by nobody, or was forgotten. */
function modelsWithoutAccess(folder: string, name: string): string[] {
  const csv = join(folder, name, "security/ir.model.access.csv");
  const access = existsSync(csv) ? readFileSync(csv, "utf8") : "";
  return globSync(`${name}/**/*.py`, { cwd: folder }).flatMap((file) => {
    const classes = read(folder, file)
      .split(/^class /m)
      .slice(1);
    return classes
      .filter((text) => /\(models\.(Model|TransientModel)\)/.test(text.split("\n")[0] ?? ""))
      .flatMap(modelNames)
      .filter((model) => !access.includes(`model_${model.replaceAll(".", "_")},`))
      .map((model) => `${file}: ${model} has no line in security/ir.model.access.csv`);
  });
}

/** Idioms of older versions that Odoo 19 ignores silently. */
function removedIdioms(folder: string, name: string): string[] {
  const rules: Array<[RegExp, string]> = [
    [/^\s+_sql_constraints\b/m, "_sql_constraints is ignored: use models.Constraint"],
    [/<tree\b/, "<tree> is gone: use <list>"],
    [/\bgroups_id\b/, "groups_id is gone: use group_ids"],
    [/\bname_get\(/, "name_get is gone: compute display_name"],
    [/\bself\._cr\b|\bself\.env\.cr\.commit\(/, "a model must not commit: use _commit_progress"],
  ];
  return sources(folder, name).flatMap((file) => {
    const text = read(folder, file);
    return rules.filter(([rule]) => rule.test(text)).map(([, why]) => `${file}: ${why}`);
  });
}

/** Views of the client, which Odoo looks at when they are installed; pages of a website it does not. */
function linksLikeButtons(folder: string, name: string): string[] {
  const link = /<a\b(?![^>]*\brole=)[^>]*\bclass="[^"]*\bbtn\b/;
  const why = 'Odoo warns at each installation: a link that looks like a button has role="button"';
  return globSync(`${name}/{views,wizard}/**/*.xml`, { cwd: folder })
    .filter((file) => link.test(read(folder, file).replace(/<template\b[\s\S]*?<\/template>/g, "")))
    .map((file) => `${file}: ${why}`);
}

/** A card that reads a field which its view does not load ends in an error, with the whole screen. */
function cardsWithoutField(folder: string, name: string): string[] {
  return globSync(`${name}/{views,wizard,report}/**/*.xml`, { cwd: folder }).flatMap((file) => {
    const views = read(folder, file).match(/<kanban\b[\s\S]*?<\/kanban>/g) ?? [];
    return views.flatMap((view) => {
      const loaded = new Set([...view.matchAll(/<field\s+name="(\w+)"/g)].map((it) => it[1]));
      const used = new Set([...view.matchAll(/\brecord\.(\w+)/g)].map((it) => it[1]));
      return [...used]
        .filter((field) => !loaded.has(field))
        .map(
          (field) =>
            `${file}: a card reads record.${field}, which the view does not load as <field>`,
        );
    });
  });
}

/**
 * An addon knows those that it depends on and no other, neither by name nor by a model of theirs: it
 * must work without them. Migrations are left out: an upgrade hands records over to new addons.
 */
function strangers(folder: string, name: string, models: Models): string[] {
  const known = withNeeded(name, folder);
  const others = addonNames(folder).filter((other) => !known.includes(other));
  return sources(folder, name)
    .filter((file) => !file.startsWith(`${name}/migrations/`))
    .flatMap((file) => {
      const text = read(folder, file);
      const named = others.filter((other) => new RegExp(`\\b${other}\\b`).test(text));
      const used = [...text.matchAll(/["'](milepost\.[\w.]+)["']/g)].flatMap(([, model = ""]) => {
        const owner = models.get(model);
        return owner === undefined || known.includes(owner) ? [] : [`${model} of ${owner}`];
      });
      return [...named, ...new Set(used)].map(
        (what) => `${file}: names ${what}, on which ${name} does not depend`,
      );
    });
}

/** The addon that makes each model: the first that names it. One that gives it a mixin names it again. */
function modelsOf(folder: string, names: readonly string[]): Models {
  const named = names.flatMap((name) =>
    globSync(`${name}/**/*.py`, { cwd: folder })
      .flatMap((file) => modelNames(read(folder, file)))
      .map((model) => [model, name] as const),
  );
  return new Map(named.toReversed());
}

function modelNames(python: string): string[] {
  return [...python.matchAll(/^ {4}_name = "(milepost\.[^"]+)"/gm)].map((match) => match[1] ?? "");
}

/** Python and data files; what is under static is made of web/. */
function sources(folder: string, name: string): string[] {
  const files = globSync(`${name}/**/*.{py,xml,csv}`, { cwd: folder });
  return files.filter((file) => !file.includes("/static/"));
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
