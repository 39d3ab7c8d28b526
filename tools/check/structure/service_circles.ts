/** Models without records call each other one way: a circle of two cannot be read, tested or replaced alone. */
import { globSync, readFileSync } from "node:fs";

interface Service {
  /** Services that its code names. */
  calls: Set<string>;
  /** Mixins that it is made of. */
  mixins: Set<string>;
}

/** `a → b → a` for each circle of the addons' abstract models; a mixin counts as what inherits it. */
export function serviceCircles(
  texts: readonly string[] = globSync("odoo_addon/milepost*/models/*.py").map((file) =>
    readFileSync(file, "utf8"),
  ),
): string[] {
  const services = servicesOf(texts);
  const owners = (name: string): string[] => {
    const above = [...services].filter(([, { mixins }]) => mixins.has(name)).map(([it]) => it);
    return above.length === 0 ? [name] : above.flatMap(owners);
  };
  const graph = new Map<string, Set<string>>();
  for (const [name, { calls }] of services) {
    const called = [...calls].filter((it) => services.has(it)).flatMap(owners);
    for (const owner of owners(name)) {
      const known = graph.get(owner) ?? new Set();
      graph.set(owner, new Set([...known, ...called.filter((it) => it !== owner)]));
    }
  }
  const found = new Set<string>();
  const walk = (path: readonly string[]): void => {
    for (const next of graph.get(path.at(-1) ?? "") ?? []) {
      const at = path.indexOf(next);
      if (at === 0) found.add([...path, next].join(" → "));
      // Each circle once: from the first of its names.
      else if (at === -1 && next > (path[0] ?? "")) walk([...path, next]);
    }
  };
  for (const name of graph.keys()) walk([name]);
  return [...found].map((it) => `services call each other in a circle: ${it}`);
}

function servicesOf(texts: readonly string[]): Map<string, Service> {
  const services = new Map<string, Service>();
  for (const part of texts.flatMap((text) => text.split(/^(?=class )/m))) {
    if (!/^class \w+\(models\.AbstractModel\)/.test(part)) continue;
    const inherit = /^ {4}_inherit = (\[[^\]]*\]|"[^"]+")/m.exec(part)?.[1] ?? "";
    const mixins = [...inherit.matchAll(/"([^"]+)"/g)].map(([, it = ""]) => it);
    const name = /^ {4}_name = "([^"]+)"/m.exec(part)?.[1] ?? mixins[0];
    if (name === undefined) continue;
    const own = services.get(name) ?? { calls: new Set(), mixins: new Set() };
    for (const [, call = ""] of part.matchAll(/env\["(milepost\.[\w.]+)"\]/g)) own.calls.add(call);
    for (const mixin of mixins) if (mixin !== name) own.mixins.add(mixin);
    services.set(name, own);
  }
  return services;
}
