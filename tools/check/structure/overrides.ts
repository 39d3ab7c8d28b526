/** An addon overrides a method of a model once: of two overrides nobody sees which one runs first. */
import { globSync, readFileSync } from "node:fs";

/** `addon: model.method: file, file` of each method that classes of one addon define twice. */
export function repeatedOverrides(
  texts: ReadonlyMap<string, string> = new Map(
    globSync("odoo_addon/*/{models,wizard}/*.py").map((file) => [file, readFileSync(file, "utf8")]),
  ),
): string[] {
  const found = new Map<string, string[]>();
  for (const [file, text] of texts) {
    const addon = file.split("/")[1] ?? "";
    for (const part of text.split(/^(?=class )/m)) {
      const model = modelOf(part);
      if (model === undefined) continue;
      for (const [, method = ""] of part.matchAll(/^ {4}def (\w+)\(/gm)) {
        const key = `${addon}: ${model}.${method}`;
        found.set(key, [...(found.get(key) ?? []), file]);
      }
    }
  }
  return [...found]
    .filter(([, files]) => files.length > 1)
    .map(([key, files]) => `defined twice, ${key}: ${files.join(", ")}`);
}

/** The model that a class makes, or the first one that it extends. */
function modelOf(part: string): string | undefined {
  const made = /^ {4}_name = "([^"]+)"/m.exec(part)?.[1];
  return made ?? /^ {4}_inherit = \[?\s*"([^"]+)"/m.exec(part)?.[1];
}
