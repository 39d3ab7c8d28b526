/** The rules of the house: who may import whom. docs/ARCHITECTURE.md explains them. */
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import type { Import, Module } from "./modules.ts";

/**
 * The bridge from the ground up: folders and root files. Each may import those before it, and its
 * own.
 */
const LEVELS: readonly string[] = [
  "redaction.ts",
  "errors.ts",
  "exit_code.ts",
  "network_fault.ts",
  "clock.ts",
  "logger.ts",
  "metrics.ts",
  "wake.ts",
  "version.ts",
  "systemd.ts",
  "disposers.ts",
  "http_problem.ts",
  "http_listener.ts",
  "canonical",
  "sources",
  "config",
  "config.ts",
  "peer",
  "connection.ts",
  "store",
  "recovery",
  "pause_board.ts",
  "store_watch.ts",
  "clock_watch.ts",
  "queue",
  "intake",
  "normalize",
  "drift",
  "proofs",
  "odoo",
  "delivery",
  "outbound",
  "comparing",
  "partners",
  "create_connections.ts",
  "admin",
  "bridge_context.ts",
  "workers.ts",
  "main.ts",
  "cli_text.ts",
  "commands",
  "cli.ts",
];

/** Files that may name any source: the list of sources, and what works on partners' files. */
const KNOW_SOURCES = /^bridge\/(sources\/registry\.ts|partners\/)/;
const CONCRETE_STORE = /^bridge\/store\/(sqlite|postgres)\//;
const CANONICAL_MAY = new Set(["zod", "decimal.js", "node:crypto"]);

/** Every finding over the modules, as `rule: from → to`. */
export function brokenRules(modules: readonly Module[]): string[] {
  const imports = modules.flatMap((it) => it.imports);
  const found = (rule: string, broken: (it: Import) => boolean) =>
    imports.filter(broken).map(({ from, to }) => `${rule}: ${from} → ${to}`);
  return [
    ...unknownPlaces(modules),
    ...found("an import that goes back", goesBack),
    ...found("canonical knows only itself", leavesCanonical),
    ...found("a source knows another source", crossesSources),
    ...found("a source named outside of the registry", namesSource),
    ...found("a concrete store named outside of main.ts", namesStore),
    ...found("a tool or test in the product", leavesProduct),
    ...found("the web client knows only itself", leavesWeb),
  ];
}

/** `sources` of `bridge/sources/x12/walker.ts`, `cli.ts` of `bridge/cli.ts`. */
function placeOf(file: string): string | undefined {
  const [top, place] = file.split("/");
  return top === "bridge" ? place : undefined;
}

function unknownPlaces(modules: readonly Module[]): string[] {
  const places = new Set(modules.map(({ file }) => placeOf(file)));
  const unknown = [...places].filter((it) => it !== undefined && !LEVELS.includes(it));
  const gone = LEVELS.filter((it) => !places.has(it));
  return [
    ...unknown.map((it) => `a place without a level: bridge/${it}`),
    ...gone.map((it) => `a level without a place: bridge/${it}`),
  ];
}

function goesBack({ from, to }: Import): boolean {
  const own = LEVELS.indexOf(placeOf(from) ?? "");
  return own !== -1 && own < LEVELS.indexOf(placeOf(to) ?? "");
}

function leavesCanonical({ from, to }: Import): boolean {
  return placeOf(from) === "canonical" && placeOf(to) !== "canonical" && !CANONICAL_MAY.has(to);
}

/** The source that a file belongs to; the libraries under sources/shared belong to none. */
function sourceOf(file: string): string | undefined {
  const [top, sources, id, rest] = file.split("/");
  if (top !== "bridge" || sources !== "sources" || rest === undefined) return undefined;
  return existsSync(`bridge/sources/${id}/source.ts`) ? id : undefined;
}

function crossesSources({ from, to }: Import): boolean {
  const [own, other] = [sourceOf(from), sourceOf(to)];
  if (other === undefined || own === other) return false;
  return own !== undefined || from.startsWith("bridge/sources/shared/");
}

function namesSource({ from, to }: Import): boolean {
  if (!from.startsWith("bridge/") || sourceOf(from) !== undefined) return false;
  return sourceOf(to) !== undefined && !KNOW_SOURCES.test(from);
}

function namesStore({ from, to }: Import): boolean {
  return CONCRETE_STORE.test(to) && from.startsWith("bridge/") && !CONCRETE_STORE.test(from)
    ? from !== "bridge/main.ts"
    : false;
}

function leavesProduct({ from, to }: Import): boolean {
  return from.startsWith("bridge/") && /^(web|tools|tests|odoo_addon)\//.test(to);
}

function leavesWeb({ from, to }: Import): boolean {
  return from.startsWith("web/") && (/^(bridge|tools|tests)\//.test(to) || isBuiltin(to));
}
