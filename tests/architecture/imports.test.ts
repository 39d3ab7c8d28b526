/** The structure as rules: imports follow the flow and never go back. */
import { expect } from "chai";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

interface Import {
  from: string;
  to: string;
  /** Erased when the program runs. */
  typeOnly: boolean;
}

const FILES = globSync("{bridge,web,tools}/**/*.ts").filter((file) => !file.endsWith(".d.ts"));

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^;"]*?\sfrom\s+)?"([^"]+)"/gms;

const imports: Import[] = FILES.flatMap((from) =>
  [...readFileSync(from, "utf8").matchAll(IMPORT)].map((match) => {
    const name = match[2] ?? "";
    const to = name.startsWith(".") ? normalize(join(dirname(from), name)) : name;
    return { from, to, typeOnly: match[1] !== undefined };
  }),
);

/** The bridge's steps in the order of the flow: each may use those before it. */
const STEPS = [
  "canonical",
  "sources",
  "config",
  "peer",
  "store",
  "queue",
  "intake",
  "odoo",
  "delivery",
  "outbound",
  "admin",
];

function step(file: string): string {
  return file.split("/")[1] ?? "";
}

/** Bridge files outside the steps that only look: composition, command line, and what all share. */
const isStep = (file: string) => file.startsWith("bridge/") && STEPS.includes(step(file));

function sourceOf(file: string): string | undefined {
  const [top, sources, id, rest] = file.split("/");
  if (top !== "bridge" || sources !== "sources" || rest === undefined) return undefined;
  return existsSync(`bridge/sources/${id}/source.ts`) ? id : undefined;
}

const shown = ({ from, to }: Import) => `${from} → ${to}`;

describe("the structure", () => {
  it("finds the files that it judges", () => {
    expect(imports.length).to.be.greaterThan(200);
    expect(STEPS.filter((name) => !existsSync(`bridge/${name}`))).to.deep.equal([]);
  });

  it("follows the flow: a step imports only steps before it", () => {
    const back = imports.filter(
      (it) =>
        isStep(it.from) &&
        isStep(it.to) &&
        STEPS.indexOf(step(it.from)) < STEPS.indexOf(step(it.to)),
    );
    expect(back.map(shown)).to.deep.equal([]);
  });

  it("keeps the canonical model free of everything but zod, decimals and itself", () => {
    const foreign = imports.filter(
      (it) =>
        it.from.startsWith("bridge/canonical/") &&
        !it.to.startsWith("bridge/canonical/") &&
        !["zod", "decimal.js", "node:crypto"].includes(it.to),
    );
    expect(foreign.map(shown)).to.deep.equal([]);
  });

  it("keeps sources apart from each other", () => {
    const across = imports.filter((it) => {
      const [from, to] = [sourceOf(it.from), sourceOf(it.to)];
      return from !== undefined && to !== undefined && from !== to;
    });
    expect(across.map(shown)).to.deep.equal([]);
  });

  it("names concrete stores, queues and sources in the composition root alone", () => {
    const concrete = /^bridge\/(store|queue)\/(sqlite|postgres|pgboss)\//;
    const named = imports.filter((it) => {
      const own = concrete.exec(it.to)?.[0];
      if (own !== undefined) return !concrete.test(it.from) && it.from !== "bridge/main.ts";
      return sourceOf(it.to) !== undefined && sourceOf(it.from) === undefined
        ? it.from.startsWith("bridge/") && !ROOTS_OF_SOURCES.has(it.from) && !isOfPartners(it)
        : false;
    });
    expect(named.map(shown)).to.deep.equal([]);
  });

  it("lets the web client know neither bridge nor tools, and the bridge neither of both", () => {
    const wrong = imports.filter(
      (it) =>
        (it.from.startsWith("web/") && /^(bridge|tools|tests)\//.test(it.to)) ||
        (it.from.startsWith("bridge/") && /^(web|tools|tests|odoo_addon)\//.test(it.to)),
    );
    expect(wrong.map(shown)).to.deep.equal([]);
  });

  it("has no cycle at run time", () => {
    expect(cycles(imports.filter((it) => !it.typeOnly))).to.deep.equal([]);
  });
});

/** The list of sources, and what works on one family of messages as a whole. */
const ROOTS_OF_SOURCES = new Set(["bridge/sources/registry.ts"]);

/** Partners' files are the source `mapped`: what tries, compares and enables them knows it. */
function isOfPartners({ from, to }: Import): boolean {
  return from.startsWith("bridge/partners/") && sourceOf(to) === "mapped";
}

/** Each cycle once, as the files in its order. */
function cycles(edges: readonly Import[]): string[] {
  const next = Map.groupBy(edges, (it) => it.from);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at !== -1) found.push([...path.slice(at), file].join(" → "));
    if (at !== -1 || done.has(file)) return;
    for (const edge of next.get(file) ?? []) visit(edge.to, [...path, file]);
    done.add(file);
  };
  for (const file of FILES) visit(file, []);
  return found;
}
