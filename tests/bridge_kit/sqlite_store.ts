/** SQLite stores for the contract suites: real files, one directory per test. */
import { rmSync } from "node:fs";
import { openDatabase, type Database } from "../../bridge/store/sqlite/database.ts";
import { sqliteStore } from "../../bridge/store/sqlite/sqlite_store.ts";
import type { OpenStore } from "../store/store_contract.ts";
import { temporaryDirectory } from "./test_bridge.ts";

export function openSqlite(directory: string = temporaryDirectory()): Promise<OpenStore> {
  const database: Database = openDatabase(directory, { as: "bridge" });
  return Promise.resolve({
    store: sqliteStore(database),
    crash: () => {
      // What is committed is in the file; what is not goes with the handle.
      database.sql.close();
      return openSqlite(directory);
    },
    dispose: () => {
      if (database.sql.open) database.sql.close();
      rmSync(directory, { recursive: true, force: true });
      return Promise.resolve();
    },
  });
}
