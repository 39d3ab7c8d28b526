/** Having messages read again. */
import type { Database } from "../database.ts";

/** Gives what puts a message back, inside the caller's unit of work; false when there is none. */
export function messageRereader({ sql }: Database): (id: string) => boolean {
  const reread = sql.prepare("UPDATE message SET state = 'received' WHERE id = ?");
  return (id) => reread.run(id).changes === 1;
}
