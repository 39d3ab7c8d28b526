/** `milepost drift show | accept`: what partners send otherwise than before. */
import type { Command } from "commander";
import { askToAccept, type Found, readFound } from "../drift/drift_state.ts";
import { driftText } from "../drift/drift_text.ts";
import { operator } from "./audit.ts";
import { type CommandKit, notFound, table } from "./command_kit.ts";

export function addDriftCommands(program: Command, kit: CommandKit): void {
  const drift = program
    .command("drift")
    .description("fields that are new or gone in a partner's messages, codes whose share jumped");

  drift
    .command("show")
    .description("what was found, of a connection or of all")
    .argument("[connection]", "code of the connection")
    .action(async (connection?: string) => {
      if (connection !== undefined) check(kit, connection);
      await kit.readStore(async (store) => {
        const all = await readFound(store.properties);
        const shown = Object.entries(all)
          .filter(([code]) => connection === undefined || code === connection)
          .flatMap(([code, found]) => found.map((it) => ({ connection: code, ...it })));
        kit.print(shown, lines);
      });
    });

  drift
    .command("accept")
    .description("what the partner sends now is right: compare with it from now on")
    .argument("<connection>", "code of the connection")
    .action((connection: string) =>
      kit.withStore(async (store) => {
        check(kit, connection);
        const found = (await readFound(store.properties))[connection] ?? [];
        await askToAccept(store.properties, connection);
        const detail = { connection, found: found.map(driftText) };
        await store.audit.record({
          at: Date.now(),
          by: operator(),
          action: "drift accepted",
          detail,
        });
        kit.print({ connection, accepted: found.length }, () => {
          return `${found.length} differences of ${connection} are usual from the next look on (ten minutes)`;
        });
      }),
    );
}

function check(kit: CommandKit, connection: string): void {
  if (kit.config().connections.some(({ code }) => code === connection)) return;
  throw notFound(`There is no connection ${connection}`);
}

function lines(shown: ReadonlyArray<Found & { connection: string }>): string {
  if (shown.length === 0) return "nothing differs from what is usual";
  return table(
    ["connection", "since", "what"],
    shown.map((it) => [it.connection, it.since, driftText(it)]),
  );
}
