/** How Odoo's tests ended with the addons, held against how they end without them. */

/**
 * How a test that differs by default runs once more. "proven": whatever leaves is proven at once;
 * "together": a backorder goes with what left before, and both are proven once all has left;
 * "handed_back": finance hands orders back to Odoo before they are invoiced.
 */
export type Twin = "proven" | "together" | "handed_back";
export const TWINS: readonly Twin[] = ["proven", "together", "handed_back"];

/**
 * "no_proof": nothing waits for proof; "default": the careful defaults; "plain": without the addons.
 */
export type Mode = "no_proof" | "default" | "plain" | Twin;

export interface Ended {
  mode: Mode;
  /** `module.file.Class.method`; for what happens before or after a class `…Class.setUpClass`. */
  test: string;
  outcome: "passed" | "failed" | "skipped";
  /** What a failed test said, or why it was skipped. */
  text?: string;
  seconds?: number;
  /** The addons were in force and asked. */
  asked?: boolean;
  /** So many shipments were made. */
  shipments?: number;
  /** A billing policy was asked: what it says could matter. */
  policies?: boolean;
}

/** By test, how it ends without the addons. */
export type Plain = Record<string, Ended["outcome"]>;
/**
 * By test, why it may fail as long as nothing is proven, what it says then (any other failure is a fault),
 * and how its twin runs: "proven" when nothing is said.
 */
export type Named = Record<string, { why: string; says: string; twin?: Twin }>;

/** What `run_tests.py` said of a test, if the line does. */
export function endedOf(line: string): Ended | null {
  return line.startsWith("TEST ") ? (JSON.parse(line.slice("TEST ".length)) as Ended) : null;
}

export interface Difference extends Ended {
  without: Ended["outcome"];
}

/** Those that did not simply pass: whether it is the addons' doing is to be seen without them. */
export function oddOnes(ended: readonly Ended[]): Ended[] {
  return ended.filter((one) => one.outcome !== "passed");
}

/** Tests that end in another way than without the addons. */
export function differences(ended: readonly Ended[], plain: Plain): Difference[] {
  return oddOnes(ended).flatMap((one) => {
    const without = plain[one.test] ?? "passed";
    return without === one.outcome ? [] : [{ ...one, without }];
  });
}

/**
 * Tests that ran by default and asked a billing policy: only these can end in another way where it asks
 * for no proof.
 */
export function asking(ended: readonly Ended[]): string[] {
  return ended.filter((one) => one.mode === "default" && one.policies).map((one) => one.test);
}

/**
 * Tests that ran by default and are named, or should be, by how they run once more: each must end as
 * without the addons then.
 */
export function twins(ended: readonly Ended[], named: Named, twin: Twin): string[] {
  return ended
    .filter((one) => one.mode === "default" && (one.test in named || one.outcome === "failed"))
    .map((one) => one.test)
    .filter((test) => (named[test]?.twin ?? "proven") === twin);
}

export function isTwin(one: Ended): boolean {
  return TWINS.some((twin) => twin === one.mode);
}

/** Whether a difference is the one that is named. */
export function isNamed(one: Ended, named: Named): boolean {
  const says = named[one.test]?.says;
  return one.mode === "default" && says !== undefined && (one.text ?? "").includes(says);
}

/**
 * What must not be: a difference where nothing waits for proof or all is proven, one by default that
 * nobody named, and a named one that is none or whose twin did not run.
 */
export function faults(ended: readonly Ended[], plain: Plain, named: Named): string[] {
  const differing = differences(ended, plain);
  const found = differing
    .filter((one) => !isNamed(one, named))
    .map((one) => `${one.mode}: ${one.test} ${one.outcome}, without the addons ${one.without}`);
  const differ = new Set(differing.filter((one) => one.mode === "default").map((one) => one.test));
  const doubled = new Set(ended.filter((one) => isTwin(one)).map((one) => one.test));
  const own = TWINS.flatMap((twin) => twins(ended, named, twin)).filter((test) => test in named);
  const idle = own.filter((test) => !differ.has(test));
  const alone = own.filter((test) => !doubled.has(test));
  return [
    ...found,
    ...idle.map((test) => `default: ${test} is named and does not differ`),
    ...alone.map((test) => `${test} is named and has no twin`),
  ];
}
