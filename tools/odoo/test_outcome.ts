/** What Odoo's test runner is asked for, and reading what it printed. */

/**
 * Odoo's --test-tags for tests of these addons: its own order is tag/module:class.method.
 *
 * @param wanted a tag, `:TestClass` or `:TestClass.test_name`, several by commas; empty for all
 */
export function tagsOf(addons: readonly string[], wanted: string): string {
  const tags = wanted.split(",").flatMap((one) => {
    const at = one.indexOf(":");
    const [tag, test] = at === -1 ? [one, ""] : [one.slice(0, at), one.slice(at)];
    return addons.map((addon) => `${tag}/${addon}${test}`);
  });
  return tags.join(",");
}

export interface Outcome {
  /** Tests that ran. */
  count: number;
  /** `TestClass.test_method`, each once. */
  failures: string[];
}

/** Throws when no test ran: Odoo itself ends with 0 then. */
export function outcomeOf(output: string): Outcome {
  const summary = /(\d+) failed, (\d+) error\(s\) of (\d+) tests/.exec(output);
  const count = Number(summary?.[3] ?? 0);
  if (count === 0) throw new Error(`Odoo ran no tests:\n${output.slice(-3000)}`);
  const named = [...output.matchAll(/(?:FAIL|ERROR): (?:Subtest )?(\w+\.test_\w+)/g)];
  const failures = [...new Set(named.map((match) => match[1] ?? ""))];
  const counted = Number(summary?.[1]) + Number(summary?.[2]);
  // An error in setUpClass names no test.
  if (failures.length === 0 && counted > 0) failures.push("a test that the output does not name");
  return { count, failures };
}
