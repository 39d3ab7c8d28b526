/** Runs a program over a document. It runs inside the reading process; see `reading_process.ts`. */
import { createHash } from "node:crypto";
import jsonata from "jsonata";
import { functionsOf } from "./expression_functions.ts";
import {
  isTrue,
  listOf,
  MAX_LIST,
  placesOf,
  scalarsOf,
  textOf,
  TooMuch,
  type ValueTree,
} from "./expression_values.ts";
import type { Program, RuleProgram, Template } from "./program.ts";

/** An expression that failed on this message; the others go on. */
export interface Failure {
  /** Where in the partner's file. */
  at: string;
  /** Where in the message. */
  path: string;
  text: string;
}

export interface EvaluatedFact {
  /** Which of the file's facts. */
  rule: number;
  path: string;
  values: ValueTree;
}

export interface EvaluatedRecord {
  path: string;
  head: ValueTree;
  facts: EvaluatedFact[];
}

export interface EvaluatedDocument {
  version: string | null;
  records: EvaluatedRecord[];
  /** Records that `skip` left out. */
  skipped: number;
  failures: Failure[];
  next: string | null;
  /**
   * Each record by a hash of what it says, with its `since` field unless an expression failed on
   * it; only for partners that are asked for what changed.
   */
  items: Array<{ hash: string; since: string | null }>;
}

/** Caps that keep one message from filling the memory of the bridge itself. */
const MAX_FACTS = 50_000;
const MAX_FAILURES = 200;
type Compiled = (context: unknown, bindings: Record<string, unknown>) => Promise<unknown>;

/** One expression over a context; nothing when it failed. */
export type EvaluateOne = (
  text: string,
  context: unknown,
  bindings: Record<string, unknown>,
  at: string,
) => Promise<unknown>;

export class Evaluation {
  readonly #program: Program;
  readonly #compiled = new Map<string, Compiled>();
  #failures: Failure[] = [];
  #places = new WeakMap<object, string>();

  constructor(program: Program) {
    this.#program = program;
  }

  /**
   * All that the program says of the document. To find where each thing stands the whole document
   * is walked, which would count as reading every field while reads are tracked: `walk` says no.
   */
  async run(
    document: unknown,
    bindings: Record<string, unknown>,
    walk = true,
  ): Promise<EvaluatedDocument> {
    const { version, records, next } = this.#program;
    this.#failures = [];
    this.#places = walk ? placesOf(document) : new WeakMap();
    const result: EvaluatedDocument = {
      version:
        version === undefined
          ? null
          : textOf(await this.#one(version, document, bindings, "versions/value")),
      records: [],
      skipped: 0,
      failures: this.#failures,
      next:
        next === undefined
          ? null
          : textOf(await this.#one(next, document, bindings, "fetch/pagination/next")),
      items: [],
    };
    let facts = 0;
    const found =
      records === undefined
        ? Array.isArray(document)
          ? (document as unknown[])
          : [document]
        : listOf(await this.#one(records, document, bindings, "records"));
    const items = await this.#grouped(found, { ...bindings, document });
    for (const [index, record] of items.entries()) {
      const path = this.#pathOf(
        record,
        records === undefined && !Array.isArray(document) ? "" : `/${index}`,
      );
      const read = await this.#record(record, path, { ...bindings, document, record }, result);
      if (read === undefined) continue;
      facts += read.facts.length;
      if (facts > MAX_FACTS) throw new TooMuch(`more than ${MAX_FACTS} facts in one message`);
      result.records.push(read);
    }
    return result;
  }

  /** Work that evaluates single expressions, and what of them failed. */
  async apart<T>(
    work: (one: EvaluateOne) => Promise<T>,
  ): Promise<{ value: T; failures: Failure[] }> {
    this.#failures = [];
    const value = await work((...given) => this.#one(...given));
    return { value, failures: this.#failures };
  }

  /** Records that belong together as one: the members of the first, all of them in `rows`. */
  async #grouped(items: unknown[], bindings: Record<string, unknown>): Promise<unknown[]> {
    const { group } = this.#program;
    if (group === undefined) return items;
    const groups = new Map<unknown, unknown[]>();
    for (const item of items) {
      const name = textOf(await this.#one(group, item, bindings, "group", this.#pathOf(item, "")));
      // What names no group is one of its own.
      const key = name ?? Symbol("alone");
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    return [...groups.values()].map((rows) => {
      const [first] = rows;
      const record = { ...(first as object), rows };
      this.#places.set(record, this.#pathOf(first, ""));
      return record;
    });
  }

  async #record(
    record: unknown,
    path: string,
    bindings: Record<string, unknown>,
    result: EvaluatedDocument,
  ): Promise<EvaluatedRecord | undefined> {
    const { since } = this.#program;
    if (since === undefined) return this.#facts(record, path, bindings, result);
    const failed = this.#failures.length;
    const at = textOf(await this.#one(since, record, bindings, "fetch/since/field", path));
    const read = await this.#facts(record, path, bindings, result);
    const hash = createHash("sha256")
      .update(JSON.stringify(record) ?? "")
      .digest("base64url");
    result.items.push({ hash, since: this.#failures.length === failed ? at : null });
    return read;
  }

  async #facts(
    record: unknown,
    path: string,
    bindings: Record<string, unknown>,
    result: EvaluatedDocument,
  ): Promise<EvaluatedRecord | undefined> {
    const { skip, head, rules } = this.#program;
    if (skip !== undefined && isTrue(await this.#one(skip, record, bindings, "skip", path))) {
      result.skipped += 1;
      return undefined;
    }
    const facts: EvaluatedFact[] = [];
    for (const [index, rule] of rules.entries()) {
      facts.push(...(await this.#rule(rule, index, record, path, bindings)));
    }
    return { path, head: await this.#tree(head, record, bindings, path), facts };
  }

  async #rule(
    { at, each, when, body }: RuleProgram,
    rule: number,
    record: unknown,
    recordPath: string,
    bindings: Record<string, unknown>,
  ): Promise<EvaluatedFact[]> {
    const items =
      each === undefined
        ? [record]
        : listOf(await this.#one(each, record, bindings, `${at}/each`, recordPath));
    const facts: EvaluatedFact[] = [];
    for (const item of items) {
      const path = this.#pathOf(item, recordPath);
      if (
        when !== undefined &&
        !isTrue(await this.#one(when, item, bindings, `${at}/when`, path))
      ) {
        continue;
      }
      facts.push({ rule, path, values: await this.#tree(body, item, bindings, path) });
    }
    return facts;
  }

  async #tree(
    template: Template,
    context: unknown,
    bindings: Record<string, unknown>,
    path: string,
  ): Promise<ValueTree> {
    if ("value" in template) return template.value;
    if ("expression" in template) {
      return scalarsOf(await this.#one(template.expression, context, bindings, template.at, path));
    }
    if ("list" in template) {
      const list: ValueTree[] = [];
      for (const it of template.list) list.push(await this.#tree(it, context, bindings, path));
      return list;
    }
    if ("each" in template) {
      const items = listOf(
        await this.#one(template.each, context, bindings, `${template.at}/each`, path),
      );
      if (items.length > MAX_LIST)
        throw new TooMuch(`more than ${MAX_LIST} entries in ${template.at}`);
      const list: ValueTree[] = [];
      for (const item of items) list.push(await this.#tree(template.of, item, bindings, path));
      return list;
    }
    const tree: Record<string, ValueTree> = {};
    for (const [name, child] of Object.entries(template.members)) {
      tree[name] = await this.#tree(child, context, bindings, path);
    }
    return tree;
  }

  async #one(
    text: string,
    context: unknown,
    bindings: Record<string, unknown>,
    at: string,
    path = "",
  ): Promise<unknown> {
    try {
      return await this.#compile(text)(context, bindings);
    } catch (error) {
      const { message } = error as { message?: unknown };
      if (this.#failures.length < MAX_FAILURES) {
        this.#failures.push({ at, path, text: String(message ?? error).slice(0, 300) });
      }
      return undefined;
    }
  }

  #compile(text: string): Compiled {
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const expression = jsonata(text);
    for (const [name, work] of Object.entries(functionsOf(this.#program.numbers))) {
      expression.registerFunction(name, work);
    }
    const compiled: Compiled = (context, bindings) =>
      expression.evaluate(context, bindings) as Promise<unknown>;
    this.#compiled.set(text, compiled);
    return compiled;
  }

  /** JSON pointer of an item that expressions took out of the document as it is. */
  #pathOf(item: unknown, otherwise: string): string {
    if (item === null || typeof item !== "object") return otherwise;
    return this.#places.get(item) ?? otherwise;
  }
}
