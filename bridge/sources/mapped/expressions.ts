/**
 * What an expression in a partner's file may not do.
 *
 * Reading must give the same facts each time, so nothing that looks at the clock or throws dice;
 * no `$eval`, which would run text that a partner sends; and no floats where there is money.
 */
import jsonata from "jsonata";
import { MilepostError } from "../../errors.ts";
import type { Mapping } from "./mapping.ts";
import { expressionsOf, type Program } from "./program.ts";

const FORBIDDEN: Readonly<Record<string, string>> = {
  eval: "it would run text that the partner sends",
  now: "reading must give the same each time",
  millis: "reading must give the same each time",
  random: "reading must give the same each time",
  shuffle: "reading must give the same each time",
};

/** Functions that make a float of a decimal. */
const FLOATS = new Set([
  "number",
  "sum",
  "average",
  "round",
  "power",
  "sqrt",
  "formatNumber",
  "abs",
  "floor",
  "ceil",
]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%"]);
/** Members of facts that are money, quantities or rates. */
const DECIMALS = /^(?!orders\/|tracking\/).*\/(amount|total|rate|tax_rate|quantity)$/;

/** A fault in a partner's file; `path` is where, such as `facts/0/occurred/at`. */
export function mappingFault(
  file: string,
  path: string,
  text: string,
  hint?: string,
): MilepostError {
  return new MilepostError(`${file}: ${path === "" ? "" : `${path}: `}${text}`, {
    code: "mapping_invalid",
    retry: "never",
    culprit: file,
    path,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Throws `mapping_invalid` at the first expression that cannot be read or may not be run. */
export function checkExpressions(
  file: string,
  program: Program,
  outgoing: Pick<Mapping, "orders" | "tracking">,
): void {
  for (const { text, at } of expressionsOf(program, outgoing)) {
    let tree: unknown;
    try {
      tree = jsonata(text).ast();
    } catch (error) {
      const { message, position } = error as { message?: string; position?: number };
      const where = position === undefined ? "" : ` (character ${position})`;
      throw mappingFault(file, at, `is no JSONata: ${message ?? "syntax"}${where}`);
    }
    visit(tree, (node) => refuse(file, at, node));
  }
}

interface Node {
  type?: unknown;
  value?: unknown;
}

function refuse(file: string, at: string, { type, value }: Node): void {
  if (typeof value !== "string") return;
  if (type === "variable" && Object.hasOwn(FORBIDDEN, value)) {
    throw mappingFault(file, at, `$${value} is not allowed: ${FORBIDDEN[value]}`);
  }
  if (!DECIMALS.test(at)) return;
  if (type === "variable" && FLOATS.has(value)) {
    const hint = "give the text as it is, or use $decimal, $plus, $minus, $times or $implied";
    throw mappingFault(file, at, `$${value} makes a float of a decimal`, hint);
  }
  if (type === "binary" && ARITHMETIC.has(value)) {
    const hint = "use $plus, $minus, $times or $implied, which keep decimals exact";
    throw mappingFault(file, at, `"${value}" makes a float of a decimal`, hint);
  }
}

/** Goes through a syntax tree without recursion: expressions may be as deep as their author likes. */
function visit(root: unknown, look: (node: Node) => void): void {
  const waiting: unknown[] = [root];
  const seen = new Set<object>();
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (node === null || typeof node !== "object" || seen.has(node)) continue;
    seen.add(node);
    if (!Array.isArray(node)) look(node);
    waiting.push(...Object.values(node));
  }
}
