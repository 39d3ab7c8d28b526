/** Where Odoo and its PostgreSQL run. One implementation each for Debian packages and Docker. */

/** Modules of every database; sale_stock and stock_account come with stock_delivery. */
export const BASE_MODULES = "mail,sale_management,stock_delivery,account,portal";

export interface OdooHost {
  /** Names this checkout's server and files. */
  readonly name: string;
  /** Said to people: `Debian packages in …`. */
  readonly description: string;
  /** The Odoo that is installed: a package's version, or an image. */
  version(): Promise<string>;
  /** PostgreSQL runs after this; idempotent. */
  startDatabase(): Promise<void>;
  /** The HTTP server runs after this and answers; started again when it runs another version of the addons. */
  startServer(version: string): Promise<{ url: string }>;
  /** Another HTTP server, for one database, with other addons on its path; no job runs in it. */
  serve(database: string, addons: string): Promise<OwnServer>;
  /** Ends the HTTP server alone. */
  stopServer(): Promise<void>;
  /** Ends the HTTP server, or PostgreSQL without a word, as a crash would. */
  crash(what: "server" | "database"): Promise<void>;
  /** Ends what was started; nothing else. */
  stop(): Promise<void>;
  /** Runs `odoo ARGS` to its end beside the server; gives what it printed. */
  odoo(args: readonly string[], options?: OdooRun): Promise<string>;
  /** The command that `odoo` runs, for an interactive shell; `addons` as in OdooRun. */
  odooCommand(args: readonly string[], addons?: string): [command: string, args: string[]];
  /** Runs SQL as the database's owner: rows as text, columns by tab. */
  sql(database: string, query: string): Promise<string>;
  /** Files of attachments go with a cloned database. */
  copyFiles(from: string, to: string): Promise<void>;
  removeFiles(database: string): Promise<void>;
}

/**
 * PostgreSQL for many short queries on two processors: compiling a query costs more than it saves,
 * and a second process for one takes the processor of whoever asked.
 */
export const POSTGRES_SETTINGS: readonly string[] = [
  "max_connections = 200",
  "jit = off",
  "max_parallel_workers_per_gather = 0",
];

/** A server that a test has for itself. */
export interface OwnServer {
  url: string;
  stop(): Promise<void>;
}

export interface OdooRun {
  input?: string;
  onLine?: (line: string) => void;
  /** Odoo's own tests ask for ports of their own. */
  ports?: boolean;
  /** Folder that is on the addons path in place of the checkout's; all users can read it. */
  addons?: string;
}

/** Of the caller's environment what tests in Odoo read, as `NAME=value`. */
export function passedOn(): string[] {
  return ["MILEPOST_SEED", "MILEPOST_SEEDS"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
}
