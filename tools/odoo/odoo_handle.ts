/** What tests, the demo and benchmarks get of an Odoo, wherever it runs. */
import type { ApiKeys } from "./template.ts";

/** A database with the addon in it, for one suite or one demo. */
export interface OdooDatabase {
  url: string;
  database: string;
  apiKeys: ApiKeys;
  /** Runs SQL as the owner: rows as text, columns by tab. */
  sql(query: string): Promise<string>;
  drop(): Promise<void>;
}

export interface Odoo {
  url: string;
  description: string;
  /** A clone of the template, in about a second. Named `t_<random>` unless it is to be kept. */
  createDatabase(name?: string): Promise<OdooDatabase>;
  /** Runs Odoo's test runner on a clone; gives its output. */
  runTests(tags: string, onLine: (line: string) => void): Promise<string>;
  hasDatabase(name: string): Promise<boolean>;
  /** The command that opens Odoo's Python shell on a database. */
  shell(database: string): [command: string, args: string[]];
  /** Drops every database that tests and demos made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export class OdooUnavailable extends Error {
  override name = "OdooUnavailable";
}
