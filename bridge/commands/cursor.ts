/** `milepost cursor show | reset`: where the polls stand. */
import type { Command } from "commander";
import { operator } from "./audit.ts";
import { type CommandKit, notFound, table } from "./command_kit.ts";

interface Shown {
  connection: string;
  /** When its last page was stored; null before the first. */
  at: string | null;
  cursor: unknown;
}

export function addCursorCommands(program: Command, kit: CommandKit): void {
  const cursor = program.command("cursor").description("where the polls stand");

  cursor
    .command("show")
    .description("the cursor of a connection, or of all that are polled")
    .argument("[connection]", "code of the connection")
    .action(async (connection?: string) => {
      const codes = connection === undefined ? polled(kit) : [checked(kit, connection)];
      await kit.readStore(async (store) => {
        const shown = codes.map(async (code): Promise<Shown> => {
          const stored = await store.inbox.cursor(code);
          const at = stored === null ? null : new Date(stored.at).toISOString();
          return { connection: code, at, cursor: readable(stored?.cursor ?? "") };
        });
        kit.print(await Promise.all(shown), lines);
      });
    });

  cursor
    .command("reset")
    .description("poll from the beginning; what was fetched before is known and not stored again")
    .argument("<connection>", "code of the connection")
    .action((connection: string) =>
      kit.withStore(async (store) => {
        const code = checked(kit, connection);
        const before = await store.inbox.cursor(code);
        // An empty cursor is none.
        await store.inbox.acceptPage(code, [], "", Date.now());
        await store.audit.record({
          at: Date.now(),
          by: operator(),
          action: "cursor reset",
          detail: { connection: code, before: readable(before?.cursor ?? "") },
        });
        kit.print(
          { connection: code, before: readable(before?.cursor ?? "") },
          () => `the next poll of ${code} starts at the beginning`,
        );
      }),
    );
}

function polled(kit: CommandKit): string[] {
  return kit.config().connections.flatMap(({ code, poll }) => (poll === undefined ? [] : [code]));
}

function checked(kit: CommandKit, connection: string): string {
  if (polled(kit).includes(connection)) return connection;
  throw notFound(`There is no connection "${connection}" that is polled`);
}

/** Sources write JSON; what is none is shown as it is. */
function readable(cursor: string): unknown {
  try {
    return JSON.parse(cursor) as unknown;
  } catch {
    return cursor === "" ? null : cursor;
  }
}

function lines(shown: readonly Shown[]): string {
  if (shown.length === 0) return "no connection is polled";
  return table(
    ["connection", "last page", "cursor"],
    shown.map((it) => [it.connection, it.at ?? "-", JSON.stringify(it.cursor)]),
  );
}
