/** What tests, the demo and benchmarks get of an Odoo, wherever it runs. */
import type { OdooRun, OwnServer } from "./host.ts";
import type { ApiKeys } from "./template.ts";

/** A database of the provisioned Odoo. */
export interface PlainDatabase {
  database: string;
  /** Runs SQL as the owner: rows as text, columns by tab. */
  sql(query: string): Promise<string>;
  drop(): Promise<void>;
}

/** A database with the addons in it, for one suite or one demo. */
export interface OdooDatabase extends PlainDatabase {
  url: string;
  apiKeys: ApiKeys;
}

/** A run of Odoo's test runner on a database of its own. */
export interface TestRun {
  /** Modules that are updated, which is when Odoo runs their tests; by commas. */
  modules: string;
  /** Odoo's --test-tags. */
  tags: string;
  /** In a database with the addons, or in the same one without them. */
  withAddon: boolean;
  onLine(line: string): void;
}

export interface Odoo {
  url: string;
  description: string;
  /** A clone of the template, in about a second. Named `t_<random>` unless it is to be kept. */
  createDatabase(name?: string): Promise<OdooDatabase>;
  /** The same Odoo without the addons, to measure against; it has neither accounts nor users. */
  createPlainDatabase(): Promise<PlainDatabase>;
  /** Runs Odoo's test runner on a clone; gives what it printed, whether tests failed or not. */
  runTests(run: TestRun): Promise<string>;
  hasDatabase(name: string): Promise<boolean>;
  /**
   * Runs `odoo ARGS` to its end beside the server and gives what it printed.
   *
   * @throws CommandError when Odoo ends with an error
   */
  run(args: readonly string[], options?: OdooRun): Promise<string>;
  /** The command that opens Odoo's Python shell on a database. */
  shell(database: string): [command: string, args: string[]];
  /** A server of its own for a database, with the addons of another folder. */
  serve(database: string, addons: string): Promise<OwnServer>;
  /** Crashes the server or its PostgreSQL, and has it up again. */
  crash(what: "server" | "database"): Promise<void>;
  /** Drops every database that tests and demos made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export class OdooUnavailable extends Error {
  override name = "OdooUnavailable";
}
