/** `milepost compare`: orders that partners show otherwise than Odoo believes, and their repair. */
import type { Command } from "commander";
import { REPAIRS } from "../comparing/difference.ts";
import { ask, type ComparisonResult, readResult } from "../comparing/comparison_state.ts";
import type { Store } from "../store/store.ts";
import { operator } from "./audit.ts";
import { type CommandKit, integer, notFound, table, usage } from "./command_kit.ts";

interface Options {
  now?: true;
  repair?: number[];
}
type Shown = Partial<ComparisonResult> & { connection: string };

const collect = (text: string, known: number[] = []) => [...known, integer(text)];

export function addCompareCommand(program: Command, kit: CommandKit): void {
  program
    .command("compare")
    .description("orders that a partner shows otherwise than Odoo believes, each with its repair")
    .argument("[connection]", "code of the connection; all when left out")
    .option("--now", "have the running bridge compare at once, not only at night")
    .option("--repair <id>", "repair what differs of this order; may be repeated", collect)
    .action(async (connection: string | undefined, { now, repair }: Options) => {
      const codes = codesOf(kit, connection);
      if (repair !== undefined) {
        if (connection === undefined)
          throw usage("say of which connection: milepost compare CONNECTION --repair ID");
        return kit.withStore((store) => askRepair(store, kit, connection, repair));
      }
      if (now === true) {
        return kit.withStore(async (store) => {
          for (const code of codes) await ask(store.properties, code, { compare: true });
          kit.print(
            { asked: codes },
            () => `asked; milepost compare shows the result within a minute`,
          );
        });
      }
      return kit.readStore(async (store) => {
        const all = codes.map(async (code) => {
          return { connection: code, ...(await readResult(store.properties, code)) };
        });
        kit.print(await Promise.all(all), lines);
      });
    });
}

async function askRepair(
  store: Store,
  kit: CommandKit,
  connection: string,
  repair: number[],
): Promise<void> {
  const found = (await readResult(store.properties, connection))?.found ?? [];
  const missing = repair.find((id) => !found.some((it) => it.id === id));
  if (missing !== undefined)
    throw notFound(`Order ${missing} of ${connection} differs in nothing that is known`);
  await ask(store.properties, connection, { repair });
  const detail = { connection, orders: repair };
  await store.audit.record({ at: Date.now(), by: operator(), action: "orders repaired", detail });
  kit.print(
    { connection, repair },
    () =>
      `${repair.length} repairs are asked for; the bridge carries them out within a minute and compares again`,
  );
}

function codesOf(kit: CommandKit, connection: string | undefined): string[] {
  const codes = kit.config().connections.map(({ code }) => code);
  if (connection === undefined) return codes;
  if (!codes.includes(connection)) throw notFound(`There is no connection ${connection}`);
  return [connection];
}

function lines(all: readonly Shown[]): string {
  const heads = all.map(({ connection, at, asked = 0, unsure = 0, faulty = 0, why }) => {
    const failed = faulty === 0 ? "" : `; ${faulty} could not be compared`;
    const when = at
      ? `${asked} orders asked for at ${at}, ${unsure} of them not told${failed}`
      : `not compared yet${failed}`;
    return `${connection}: ${when}${why ? `; ${why}` : ""}`;
  });
  const rows = all.flatMap(
    ({ connection, found = [] }) =>
    found.map(({ id, shipment, kind, since, said }) => [
      String(id), connection, shipment, since, kind, REPAIRS[kind], said,
    ]), // prettier-ignore
  );
  const faults = all.flatMap(
    ({ connection, faults: named = [] }) =>
    named.map(({ id, shipment, why }) => [String(id), connection, shipment, why]),
  ); // prettier-ignore
  const head = ["id", "connection", "shipment", "since", "differs", "repair", "shown there"];
  return [
    ...heads,
    ...(rows.length === 0 ? ["nothing differs"] : ["", table(head, rows)]),
    ...(faults.length === 0
      ? []
      : ["", table(["id", "connection", "shipment", "not compared because"], faults)]),
  ].join("\n");
}
