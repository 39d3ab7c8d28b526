/** What the commands beside `run` share. */
import { InvalidArgumentError } from "commander";
import type { Config, Secret } from "../config.ts";
import { MilepostError } from "../errors.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import type { Store } from "../store/store.ts";

export interface CommandKit {
  config(): Config;
  /** The Odoo of the configuration, with another API key if given; to be closed after use. */
  exchange(apiKey?: Secret): ExchangeApi;
  /** Opens the store, whether the bridge runs or not, and closes it after the work. */
  withStore(work: (store: Store) => Promise<void>): Promise<void>;
  /** The same to look only: works on a store that cannot be written, too. */
  readStore(work: (store: Store) => Promise<void>): Promise<void>;
  /** JSON with `--json`, else the text. */
  print<T>(data: T, text: (data: T) => string): void;
}

/** The parser of an argument that is a whole number. */
export function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("must be a number");
  return Number(text);
}

export function notFound(text: string): MilepostError {
  return new MilepostError(text, { code: "not_found", retry: "never" });
}

export function usage(text: string): MilepostError {
  return new MilepostError(text, { code: "usage", retry: "never" });
}

/** Rows as columns of equal width, the last one as it is. */
export function table(heading: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const widths = heading.map((name, column) =>
    Math.min(44, Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(heading), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join(
    "\n",
  );
}
