/** Sample messages of a partner: one file, or all files of a folder. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { MilepostError } from "../errors.ts";
import type { RawMessage } from "../sources/source.ts";

const MAX_FILES = 1000;
const TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".xml": "application/xml",
};

/** Ending of what is expected of a sample, which lies beside it (see `expectation.ts`). */
export const EXPECTATION = ".facts.json";

export interface Sample {
  name: string;
  message: RawMessage;
}

/** In the order of their names. `receivedAt` is fixed, so that two runs print the same. */
export function readSamples(path: string, receivedAt: Date): Sample[] {
  return filesAt(path).map((file) => ({
    name: file,
    message: {
      body: readFileSync(file),
      contentType: TYPES[extname(file).toLowerCase()] ?? "application/json",
      receivedAt,
      attributes: {},
    },
  }));
}

function filesAt(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch (error) {
    throw noSamples(`${path} cannot be read: ${(error as Error).message}`);
  }
  const names = readdirSync(path, { withFileTypes: true })
    .filter((it) => it.isFile() && !it.name.startsWith(".") && extname(it.name) !== ".md")
    .map((it) => it.name)
    .filter((name) => !name.endsWith(EXPECTATION))
    .toSorted();
  if (names.length === 0) throw noSamples(`${path} holds no files`);
  return names.slice(0, MAX_FILES).map((name) => join(path, name));
}

function noSamples(text: string): MilepostError {
  return new MilepostError(text, { code: "not_found", retry: "never" });
}
