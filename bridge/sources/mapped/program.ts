/**
 * What the reading process runs: the file's expressions as plain data, without anything that the
 * bridge itself decides (codes, zones, canonical names).
 */
import type { Expression, Rule } from "./rules.ts";
import type { Numbers } from "./format_types.ts";
import type { Format, Mapping } from "./mapping.ts";
import type { OrderRules, RequestRule } from "./order_rules.ts";
import type { TrackingRules } from "./tracking_rules.ts";

/** A tree of expressions, evaluated into a tree of scalars of the same shape. */
export type Template =
  | { readonly expression: string; readonly at: string }
  | { readonly value: string | number | boolean }
  | { readonly list: readonly Template[] }
  | { readonly each: string; readonly at: string; readonly of: Template }
  | { readonly members: Readonly<Record<string, Template>> };

export interface RuleProgram {
  /** Where the rule stands in the file: `facts/0`. */
  readonly at: string;
  readonly each?: string;
  readonly when?: string;
  readonly body: Template;
}

export interface Program {
  readonly format: Format;
  /** How the partner writes decimals. */
  readonly numbers?: Numbers;
  readonly version?: string;
  readonly records?: string;
  readonly group?: string;
  readonly skip?: string;
  readonly next?: string;
  readonly since?: string;
  /** Identifiers, lane, time and entity of a record. */
  readonly head: Template;
  readonly rules: readonly RuleProgram[];
}

const REQUESTS = ["original", "change", "cancellation", "outcome", "find"] as const;
export type RequestName = (typeof REQUESTS)[number];

/** What goes out, and what its answer means; beside the program of reading. */
export interface OrderProgram {
  readonly request: Template;
  readonly answer?: Template;
}

/** Members that are settings of the mapping and not expressions. */
const SETTINGS = new Set(["applies_to", "format", "offset", "midnight_is_date"]);
/** Members whose plain text is a word of a list and not an expression. */
const WORDS = new Set(["kind", "classifier", "side", "document", "correction", "outcome"]);

/** The JSONata text of an expression. */
function textOf(expression: Expression): string {
  if (typeof expression === "string") return expression;
  if ("column" in expression) return `$lookup($, ${JSON.stringify(expression.column)})`;
  return JSON.stringify(expression.value);
}

/** The program of a mapping. Nothing is checked here; see `expressions.ts`. */
export function programOf(mapping: Mapping): Program {
  const {
    versions,
    records,
    group,
    skip,
    fetch,
    identifiers,
    lane,
    recorded_at,
    snapshot,
    numbers,
  } = mapping;
  const next =
    fetch?.pagination !== undefined && "next" in fetch.pagination
      ? fetch.pagination.next
      : undefined;
  return {
    format: mapping.format,
    ...(numbers && { numbers }),
    ...(versions && { version: textOf(versions.value) }),
    ...(records !== undefined && { records: textOf(records) }),
    ...(group !== undefined && { group: textOf(group) }),
    ...(skip !== undefined && { skip: textOf(skip) }),
    ...(next !== undefined && { next: textOf(next) }),
    ...(fetch?.since && { since: textOf(fetch.since.field) }),
    head: members({ identifiers, lane, recorded_at, entity: snapshot?.entity }, ""),
    rules: mapping.facts.map((rule, index) => ruleProgram(rule, `facts/${index}`)),
  };
}

function ruleProgram({ each, when, ...rule }: Rule, at: string): RuleProgram {
  return {
    at,
    ...(each !== undefined && { each: textOf(each) }),
    ...(when !== undefined && { when: textOf(when) }),
    body: members(rule, at),
  };
}

function members(node: Readonly<Record<string, unknown>>, at: string): Template {
  const entries: Array<[string, Template]> = [];
  for (const [name, child] of Object.entries(node)) {
    if (child === undefined || SETTINGS.has(name)) continue;
    const path = at === "" ? name : `${at}/${name}`;
    if (typeof child === "string" && WORDS.has(name)) continue;
    if (name === "currency" && typeof child === "string" && /^[A-Z]{3}$/.test(child)) {
      entries.push([name, { value: child }]);
    } else entries.push([name, template(child, path)]);
  }
  return { members: Object.fromEntries(entries) };
}

function template(node: unknown, at: string): Template {
  if (typeof node === "string") return { expression: node, at };
  if (Array.isArray(node)) {
    return { list: node.map((child, index) => template(child, `${at}/${index}`)) };
  }
  const object = node as Readonly<Record<string, unknown>>;
  if (typeof object["column"] === "string" && Object.keys(object).length === 1) {
    return { expression: textOf({ column: object["column"] }), at };
  }
  if ("value" in object && Object.keys(object).length === 1) {
    return { value: object["value"] as string | number | boolean };
  }
  if ("from" in object) return template(object["from"], at);
  if ("each" in object) {
    const { each, ...of } = object;
    return { each: textOf(each as Expression), at, of: members(of, at) };
  }
  return members(object, at);
}

/** What of `orders` is evaluated for a request, and for its answer. */
export function orderProgramOf(orders: OrderRules, name: RequestName): OrderProgram | undefined {
  const request = orders[name];
  if (request === undefined) return undefined;
  const { path, query, headers, body, file } = request;
  const parts = { path, query, headers, body, file };
  const answer = request.answer ?? orders.answer;
  return {
    request: bodyTemplate(parts, `orders/${name}`),
    ...(answer !== undefined && {
      answer: bodyTemplate({ ...answer, format: undefined }, `orders/${name}/answer`),
    }),
  };
}

/** What of `tracking` is evaluated; of a proof, for each thing that has one, its request and name. */
export interface TrackingProgram {
  readonly request?: Template;
  readonly proof?: Template;
  readonly register?: Template;
}

export function trackingProgramOf({ request, proof, register }: TrackingRules): TrackingProgram {
  const asked = (rule: RequestRule, at: string, more: object = {}) => {
    const { path, query, headers, body } = rule;
    return bodyTemplate({ path, query, headers, body, ...more }, at);
  };
  return {
    ...(request && { request: asked(request, "tracking/request") }),
    ...(proof && {
      proof: {
        each: textOf(proof.each),
        at: "tracking/proof",
        of: asked(proof.request, "tracking/proof/request", {
          about: proof.about,
          keep: proof.keep,
        }),
      },
    }),
    ...(register && { register: asked(register, "tracking/register") }),
  };
}

/** As it stands: the partner's members may bear any name. */
function bodyTemplate(node: unknown, at: string): Template {
  if (typeof node === "string") return { expression: node, at };
  if (Array.isArray(node)) {
    return { list: node.map((child, index) => bodyTemplate(child, `${at}/${index}`)) };
  }
  const object = node as Readonly<Record<string, unknown>>;
  const names = Object.keys(object);
  if (names.length === 1 && typeof object["value"] !== "object" && "value" in object) {
    return { value: object["value"] as string | number | boolean };
  }
  const of = (own: Readonly<Record<string, unknown>>): Template => ({
    members: Object.fromEntries(
      Object.entries(own).flatMap(([name, child]) =>
        child === undefined ? [] : [[name, bodyTemplate(child, `${at}/${name}`)]],
      ),
    ),
  });
  if (!("each" in object)) return of(object);
  const { each, ...rest } = object;
  return { each: textOf(each as Expression), at, of: of(rest) };
}

/** Every expression of a file with its place. */
export function expressionsOf(
  program: Program,
  { orders, tracking }: Pick<Mapping, "orders" | "tracking">,
): Array<{ text: string; at: string }> {
  const found: Array<{ text: string; at: string }> = [];
  const add = (text: string | undefined, at: string) => {
    if (text !== undefined) found.push({ text, at });
  };
  const walk = (node: Template): void => {
    if ("expression" in node) add(node.expression, node.at);
    else if ("list" in node) node.list.forEach(walk);
    else if ("each" in node) {
      add(node.each, `${node.at}/each`);
      walk(node.of);
    } else if ("members" in node) Object.values(node.members).forEach(walk);
  };
  for (const name of orders === undefined ? [] : REQUESTS) {
    const one = orders && orderProgramOf(orders, name);
    if (one !== undefined) walk(one.request);
    if (one?.answer !== undefined) walk(one.answer);
  }
  if (tracking !== undefined) Object.values(trackingProgramOf(tracking)).forEach(walk);
  add(program.version, "versions/value");
  add(program.records, "records");
  add(program.group, "group");
  add(program.skip, "skip");
  add(program.next, "fetch/pagination/next");
  add(program.since, "fetch/since/field");
  walk(program.head);
  for (const rule of program.rules) {
    add(rule.each, `${rule.at}/each`);
    add(rule.when, `${rule.at}/when`);
    walk(rule.body);
  }
  return found;
}
