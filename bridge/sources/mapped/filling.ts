/** Templates of what goes out: a tree of the partner's shape, with expressions in it. */
import type { Evaluation, Failure } from "./evaluation.ts";
import { listOf, MAX_LIST, TooMuch } from "./expression_values.ts";
import type { Template } from "./program.ts";

/** Expressions may give objects and lists; what gives nothing is left out. */
export function fill(
  evaluation: Evaluation,
  template: Template,
  context: unknown,
  bindings: Record<string, unknown>,
): Promise<{ value: unknown; failures: Failure[] }> {
  return evaluation.apart((one) => {
    const filled = async (node: Template, here: unknown): Promise<unknown> => {
      if ("value" in node) return node.value;
      if ("expression" in node) {
        const value = await one(node.expression, here, bindings, node.at);
        return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
      }
      if ("members" in node) {
        const members: Record<string, unknown> = {};
        for (const [name, child] of Object.entries(node.members)) {
          const value = await filled(child, here);
          if (value !== undefined && value !== null) members[name] = value;
        }
        return members;
      }
      const items =
        "each" in node
          ? listOf(await one(node.each, here, bindings, `${node.at}/each`))
          : node.list;
      if (items.length > MAX_LIST) throw new TooMuch(`more than ${MAX_LIST} entries`);
      const list: unknown[] = [];
      for (const item of items) {
        const value =
          "each" in node ? await filled(node.of, item) : await filled(item as Template, here);
        if (value !== undefined && value !== null) list.push(value);
      }
      return list;
    };
    return filled(template, context);
  });
}
