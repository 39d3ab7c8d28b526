/** The addons' models as their Python says: which methods anybody may call, and who calls what. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Method {
  name: string;
  /** Odoo's own method, extended: its doors are those of the one it extends. */
  isExtension: boolean;
  /** Kept from RPC, by its name or by `@api.private`. */
  isPrivate: boolean;
  text: string;
}

/** One class; several of them make up a model. */
export interface ModelPart {
  file: string;
  /** The model that it defines or extends. */
  model: string;
  /** Models whose methods it takes over. */
  inherits: readonly string[];
  methods: readonly Method[];
  /** Fields that lead to records: name → model. */
  relations: ReadonlyMap<string, string>;
}

/** Odoo's own methods, which an addon also refuses without calling the one above. */
const ORM = new Set(["create", "write", "unlink", "copy", "copy_data", "default_get", "init"]);

const METHOD = /^((?: {4}@[^\n]*\n)*) {4}(?:async )?def (\w+)\(/gm;
const RELATION = /^ {4}(\w+) = fields\.(?:One2many|Many2many|Many2one)\(\s*"([\w.]+)"/gm;

/** Every part of a model in the product's Python under `folder`; tests and migrations are none. */
export function readModelParts(folder: string): ModelPart[] {
  return globSync("*/**/*.py", { cwd: folder })
    .filter((file) => !/(^test_|\/tests\/|\/migrations\/)/.test(file))
    .toSorted()
    .flatMap((file) => modelParts(file, readFileSync(join(folder, file), "utf8")));
}

/** The models of one file. */
export function modelParts(file: string, text: string): ModelPart[] {
  return text
    .split(/^(?=class )/m)
    .filter((part) => part.startsWith("class "))
    .flatMap((part) => {
      // What stands after the class at the file's left edge is not of the class.
      const body = part.replace(/\n(?=[^\s#)\]}])[\s\S]*$/, "\n");
      const name = /^ {4}_name = "([^"]+)"/m.exec(body)?.[1];
      const inherits = quotedNames(/^ {4}_inherit = (\[[^\]]*\]|"[^"]+")/m.exec(body)?.[1] ?? "");
      const model = name ?? (inherits.length === 1 ? inherits[0] : undefined);
      if (model === undefined) return [];
      const relations = [...body.matchAll(RELATION)].map(
        ([, field = "", to = ""]) => [field, to] as const,
      );
      return [
        {
          file,
          model,
          inherits: inherits.filter((it) => it !== model),
          methods: methodsOf(body),
          relations: new Map(relations),
        },
      ];
    });
}

function quotedNames(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
}

function methodsOf(body: string): Method[] {
  const starts = [...body.matchAll(METHOD)];
  return starts.map((start, index) => {
    const [, decorators = "", name = ""] = start;
    const text = body.slice(start.index + start[0].length, starts[index + 1]?.index);
    return {
      name,
      isExtension: ORM.has(name) || text.includes(`super().${name}(`),
      isPrivate: name.startsWith("_") || /@(property|api\.private)\b/.test(decorators),
      text,
    };
  });
}
