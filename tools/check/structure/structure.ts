/** Everything that the structure is held to, on the files as they are. */
import { brokenHops, brokenPaths } from "./architecture_doc.ts";
import { readModules } from "./modules.ts";
import { repeatedOverrides } from "./overrides.ts";
import { impureRules } from "./python_rules.ts";
import { brokenRules } from "./rules.ts";
import { unusedRules } from "./rules_used.ts";
import { serviceCircles } from "./service_circles.ts";
import { oversized } from "./sizes.ts";
import { sharedTables } from "./tables.ts";
import { findUnused } from "./unused.ts";

/** The findings; none when the house is in order. Cycles are the lint's (`import/no-cycle`). */
export function checkStructure(): string[] {
  const modules = readModules();
  return [
    ...brokenRules(modules),
    ...sharedTables(modules),
    ...findUnused(modules).map((it) => `unused: ${it}`),
    ...impureRules(),
    ...oversized(),
    ...unusedRules(),
    ...serviceCircles(),
    ...repeatedOverrides(),
    ...brokenHops(),
    ...brokenPaths(),
  ];
}
