/** The pauses over the table `pause`. */
import type { Pause, Pauses } from "../pauses.ts";
import type { Database } from "./database.ts";

export function sqlitePauses(database: Database): Pauses {
  const { sql } = database;
  const upsert = sql.prepare(`
    INSERT INTO pause (scope, connection, code, reason, hint, since) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (scope, connection) DO UPDATE
    SET code = excluded.code, reason = excluded.reason, hint = excluded.hint`);
  const remove = sql.prepare("DELETE FROM pause WHERE scope = ? AND connection = ?");
  const removeAll = sql.prepare("DELETE FROM pause");
  const select = sql.prepare<[], Pause>(
    "SELECT scope, connection, code, reason, hint, since FROM pause ORDER BY scope, connection",
  );
  return {
    set: (it) =>
      database.write(
        () => void upsert.run(it.scope, it.connection, it.code, it.reason, it.hint, it.since),
      ),
    clear: (scope, connection) => database.write(() => void remove.run(scope, connection)),
    clearAll: () => database.write(() => void removeAll.run()),
    list: () => database.read(() => select.all()),
  };
}
