/** A partner's file as text into a mapping, with the place of every fault. */
import { readFileSync } from "node:fs";
import { isMap, isScalar, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { checkExpressions, mappingFault } from "./expressions.ts";
import { type Mapping, mappingType } from "./mapping.ts";
import { type Program, programOf } from "./program.ts";

/** A mapping that was checked, ready to read with. */
export interface Partner {
  /** Name of the file, for errors. */
  readonly file: string;
  readonly text: string;
  readonly mapping: Mapping;
  readonly program: Program;
}

const CODE_TABLES = ["milestones", "reasons", "charges", "words"];

/** Throws MilepostError `mapping_invalid` when the file cannot be read or is refused. */
export function loadPartner(file: string): Partner {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const hint = "make one from a sample: milepost partner new";
    throw mappingFault(file, "", `cannot be read: ${(error as Error).message}`, hint);
  }
  return parsePartner(text, file);
}

/** Checks a partner's file given as text. Throws MilepostError `mapping_invalid`. */
export function parsePartner(text: string, file: string): Partner {
  const document = parseDocument(text, { uniqueKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined) throw mappingFault(file, "", `is not YAML: ${fault.message}`);
  refuseBareNumbers(file, document);
  const checked = mappingType.safeParse(treeOf(file, document));
  if (!checked.success) throw refusal(file, checked.error);
  const program = programOf(checked.data);
  checkExpressions(file, program, checked.data);
  return { file, text, mapping: checked.data, program };
}

/** Aliases that unfold into millions of values are no mapping. */
function treeOf(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    throw mappingFault(
      file,
      "",
      `has aliases that cannot be followed: ${(error as Error).message}`,
    );
  }
}

/** YAML reads an unquoted 012 as the number 12 and so maps another code than is written. */
function refuseBareNumbers(file: string, document: Document): void {
  for (const name of CODE_TABLES) {
    const table = document.getIn(["codes", name]);
    if (!isMap(table)) continue;
    for (const { key } of table.items) {
      if (isScalar(key) && typeof key.value !== "string") {
        const path = `codes/${name}`;
        throw mappingFault(file, path, `quote the code ${key.source ?? String(key.value)}`);
      }
    }
  }
}

function refusal(file: string, error: z.ZodError) {
  const lines = error.issues.flatMap((issue) => describe(issue, []));
  const [first] = lines;
  const text = lines.map((it) => `  ${it.path || "the top"}: ${it.message}`).join("\n");
  return mappingFault(file, first?.path ?? "", `is refused:\n${text}`);
}

interface Line {
  path: string;
  message: string;
}

/** Of alternatives, the one that went furthest: what was meant, most likely. */
function describe(issue: z.core.$ZodIssue, base: readonly PropertyKey[]): Line[] {
  const path = [...base, ...issue.path];
  if (issue.code === "invalid_union") {
    const alternatives = issue.errors.map((issues) => issues.flatMap((it) => describe(it, path)));
    const deepest = alternatives.toSorted((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && deepest.length > 0) return deepest;
  }
  return [{ path: path.map(String).join("/"), message: issue.message }];
}

function depth(lines: readonly Line[]): number {
  return Math.max(0, ...lines.map(({ path }) => path.split("/").length));
}
