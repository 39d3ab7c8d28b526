/** Reading what Odoo's test runner printed. */

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
