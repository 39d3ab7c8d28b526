/**
 * Every method that anybody may call has somebody who calls it: a button, an action, the web
 * client, the bridge, another method that is reached, or a program by docs/for_programs.md.
 */
import { globSync, readFileSync } from "node:fs";
import { ADDONS_FOLDER } from "../../addons.ts";
import { type Method, type ModelPart, readModelParts } from "./python_models.ts";
import { type Call, callsOfClient, callsOfData } from "./screens.ts";

const PAGE = "docs/for_programs.md";
/** A row of the page: | `model` | `method` | who calls it, and what for | */
const ROW = /^\| `([\w.]+)` \| `(\w+)` \| *(\S[^|]*)\|/gm;
/** The bridge's calls: one file speaks to the exchange. */
const EXCHANGE = "bridge/odoo/exchange_api.ts";

/** Findings over the checkout. */
export function strandedDoors(): string[] {
  const parts = readModelParts(ADDONS_FOLDER);
  const web = globSync("web/**/*.ts").map((file) => readFileSync(file, "utf8"));
  const exchange = [...readFileSync(EXCHANGE, "utf8").matchAll(/#call\("(\w+)"/g)];
  const controllers = globSync("odoo_addon/*/controllers/*.py");
  const calls = [
    ...callsOfData(ADDONS_FOLDER, parts),
    ...web.flatMap(callsOfClient),
    ...exchange.map(([, method = ""]) => ({ model: "milepost.exchange", method })),
    ...controllers.flatMap((file) => callsOfPython(readFileSync(file, "utf8"))),
  ];
  return findStranded(parts, calls, listed(readFileSync(PAGE, "utf8")));
}

/** The methods that the page lists. */
export function listed(page: string): Call[] {
  return [...page.matchAll(ROW)].map(([, model = "", method = ""]) => ({ model, method }));
}

/**
 * `file: model.method …` of each public method that nothing reaches, and of each line of the list
 * that names none or one that has a door already.
 */
export function findStranded(
  parts: readonly ModelPart[],
  calls: readonly Call[],
  forPrograms: readonly Call[],
): string[] {
  const doors = parts.flatMap((part) =>
    part.methods.filter(isDoor).map((method) => ({ part, method })),
  );
  const ancestors = ancestorsOf(parts);
  const reached = reach(parts, calls, ancestors);
  const isReached = (model: string, method: string) => reached.has(`${model} ${method}`);
  const isListed = (model: string, method: string) =>
    forPrograms.some((it) => it.model === model && it.method === method);
  const stranded = doors
    .filter(({ part, method }) => !isReached(part.model, method.name))
    .filter(({ part, method }) => !isListed(part.model, method.name))
    .map(
      ({ part, method }) =>
        `${part.file}: ${part.model}.${method.name} has no door: give it a button, make it private, or list it in ${PAGE}`,
    );
  const known = new Set(doors.map(({ part, method }) => `${part.model} ${method.name}`));
  const wrong = forPrograms.flatMap(({ model, method }) => {
    if (!known.has(`${model} ${method}`)) return [`${PAGE}: ${model}.${method} does not exist`];
    return isReached(model, method) ? [`${PAGE}: ${model}.${method} has a door already`] : [];
  });
  return [...new Set([...stranded, ...wrong])];
}

function isDoor(method: Method): boolean {
  return !method.isPrivate && !method.isExtension;
}

/** Each model with those whose methods it takes over, itself included. */
function ancestorsOf(parts: readonly ModelPart[]): Map<string, Set<string>> {
  const parents = new Map<string, Set<string>>();
  for (const { model, inherits } of parts) {
    parents.set(model, new Set([...(parents.get(model) ?? []), ...inherits]));
  }
  const above = (model: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(model)) return seen;
    seen.add(model);
    for (const parent of parents.get(model) ?? []) above(parent, seen);
    return seen;
  };
  return new Map([...parents.keys()].map((model) => [model, above(model)]));
}

/** `model method` of all that the calls reach, directly or through methods that they reach. */
function reach(
  parts: readonly ModelPart[],
  calls: readonly Call[],
  ancestors: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const reached = new Set<string>();
  const waiting: Call[] = [...calls];
  // What Odoo calls by itself: private methods and extensions of its own.
  for (const part of parts) {
    for (const method of part.methods) {
      if (!isDoor(method)) waiting.push(...callsOfPython(method.text, part.model));
    }
  }
  for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) {
    const { model, method } = call;
    for (const part of parts) {
      const meant = model === "" || (ancestors.get(model) ?? new Set([model])).has(part.model);
      const found = meant ? part.methods.find((it) => it.name === method) : undefined;
      if (found === undefined || reached.has(`${part.model} ${method}`)) continue;
      reached.add(`${part.model} ${method}`);
      waiting.push(...callsOfPython(found.text, part.model));
    }
  }
  return reached;
}

/**
 * Calls in Python: those on `self`, on `self.env["model"]` or a name that is set to it, and those on anything else,
 * of which only names of several words are told from methods of other libraries (`file.tell()`).
 */
function callsOfPython(text: string, own = ""): Call[] {
  const named = new Map(
    [...text.matchAll(/\b(\w+) = (?:self|request)\.env\["([\w.]+)"\]/g)].map(
      ([, name = "", model = ""]) => [name, model] as const,
    ),
  );
  const called = [...text.matchAll(/(?:(\w+)|env\["([\w.]+)"\])(?:\.sudo\(\))?\.([a-z]\w*)\(/g)];
  const known = called.map(([, name = "", model, method = ""]) => ({
    model: model ?? (name === "self" ? own : named.get(name)) ?? "",
    method,
  }));
  const others = [...text.matchAll(/\.([a-z]\w*_\w*)\(/g)];
  return [
    ...known.filter(({ model }) => model !== ""),
    ...others.map(([, method = ""]) => ({ model: "", method })),
  ];
}
