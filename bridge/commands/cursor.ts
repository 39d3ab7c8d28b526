/** `milepost cursor show | reset`: where the polls stand. */
import type { Command } from "commander";
import { sources } from "../sources/registry.ts";
import { utcOf } from "../sources/shared/reading/instants.ts";
import { operator } from "./audit.ts";
import { type CommandKit, notFound, table, usage } from "./command_kit.ts";
import { time } from "./message.ts";

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
    .description("poll from the beginning, or from a time; what is stored is not stored again")
    .argument("<connection>", "code of the connection")
    .option("--from <time>", "ask for all since then: 2026-11-01, or 3d ago", time)
    .action((connection: string, { from }: { from?: number }) =>
      kit.withStore(async (store) => {
        const code = checked(kit, connection);
        const before = await store.inbox.cursor(code);
        // An empty cursor is none.
        const after = from === undefined ? "" : cursorFrom(kit, code, new Date(from));
        await store.inbox.acceptPage(code, [], after, Date.now());
        await store.audit.record({
          at: Date.now(),
          by: operator(),
          action: "cursor reset",
          detail: {
            connection: code,
            before: readable(before?.cursor ?? ""),
            after: readable(after),
          },
        });
        const where = from === undefined ? "at the beginning" : `at ${utcOf(new Date(from))}`;
        kit.print(
          { connection: code, before: readable(before?.cursor ?? ""), after: readable(after) },
          () => `the next poll of ${code} starts ${where}`,
        );
      }),
    );
}

function cursorFrom(kit: CommandKit, code: string, since: Date): string {
  const config = kit.config().connections.find((it) => it.code === code);
  const source = sources.get(config?.source ?? "");
  const settings = source?.settings.parse(config?.settings);
  const cursor = source?.cursorFrom?.(utcOf(since), settings);
  if (cursor !== undefined) return cursor;
  throw usage(`The partner of ${code} cannot be asked for what changed since a time`);
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
