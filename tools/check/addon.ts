/** What Odoo itself would only say at installation, or not at all, about the addon's files. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ADDON = "odoo_addon/milepost";

/** Findings over manifest, XML data and security of the addon. */
export function checkAddon(): string[] {
  return [...manifestFiles(), ...modelsWithoutAccess(), ...removedIdioms()];
}

/** Every data file is named in the manifest once, and every named file is there. */
function manifestFiles(): string[] {
  const manifest = readFileSync(join(ADDON, "__manifest__.py"), "utf8");
  const named = [...manifest.matchAll(/"((?:data|demo|security|views|wizard|report)\/[^"]+)"/g)];
  const names = named.map((match) => match[1] ?? "");
  const missing = names.filter((name) => !existsSync(join(ADDON, name)));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  const folders = "{data,demo,security,views,wizard,report}";
  const unnamed = globSync(`${folders}/**/*.{xml,csv}`, { cwd: ADDON }).filter(
    (file) => !names.includes(file),
  );
  return [
    ...missing.map((name) => `${ADDON}/__manifest__.py: ${name} is not there`),
    ...twice.map((name) => `${ADDON}/__manifest__.py: ${name} is named twice`),
    ...unnamed.map((name) => `${ADDON}/${name}: not in the manifest, so Odoo never reads it`),
  ];
}

/** A model without an access line can be used by nobody, or was forgotten. */
function modelsWithoutAccess(): string[] {
  const access = readFileSync(join(ADDON, "security/ir.model.access.csv"), "utf8");
  const files = globSync(`${ADDON}/{models,wizard}/*.py`);
  return files.flatMap((file) => {
    const classes = readFileSync(file, "utf8")
      .split(/^class /m)
      .slice(1);
    return classes
      .filter((text) => /\(models\.(Model|TransientModel)\)/.test(text.split("\n")[0] ?? ""))
      .flatMap((text) => /^ {4}_name = "(milepost\.[^"]+)"/m.exec(text)?.[1] ?? [])
      .filter((model) => !access.includes(`model_${model.replaceAll(".", "_")},`))
      .map((model) => `${file}: ${model} has no line in security/ir.model.access.csv`);
  });
}

/** Idioms of older versions that Odoo 19 ignores silently. */
function removedIdioms(): string[] {
  const rules: Array<[RegExp, string]> = [
    [/^\s+_sql_constraints\b/m, "_sql_constraints is ignored: use models.Constraint"],
    [/<tree\b/, "<tree> is gone: use <list>"],
    [/\bgroups_id\b/, "groups_id is gone: use group_ids"],
    [/\bname_get\(/, "name_get is gone: compute display_name"],
    [/\bself\._cr\b|\bself\.env\.cr\.commit\(/, "a model must not commit: use _commit_progress"],
  ];
  return globSync(`${ADDON}/**/*.{py,xml}`).flatMap((file) => {
    if (file.includes("/static/")) return [];
    const text = readFileSync(file, "utf8");
    return rules.filter(([rule]) => rule.test(text)).map(([, why]) => `${file}: ${why}`);
  });
}
