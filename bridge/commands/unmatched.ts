/** `milepost unmatched`: facts that wait in Odoo for a shipment, or for a person to choose one. */
import type { Command } from "commander";
import type { UnmatchedFact } from "../store/facts.ts";
import { type CommandKit, table, integer } from "./command_kit.ts";

interface Options {
  connection?: string;
  code?: string;
  limit: number;
}

export function addUnmatchedCommand(program: Command, kit: CommandKit): void {
  program
    .command("unmatched")
    .alias("waiting")
    .description("facts that Odoo could not place: no shipment, or several candidates")
    .option("--connection <code>", "only of this connection")
    .option("--code <code>", "no_shipment, or ambiguous")
    .option("--limit <n>", "at most so many", integer, 100)
    .action(({ limit, ...filter }: Options) =>
      kit.readStore(async (store) => {
        kit.print(await store.facts.unmatched(filter, limit), lines);
      }),
    );
}

function lines(facts: readonly UnmatchedFact[]): string {
  if (facts.length === 0) return "no fact waits for a shipment";
  return table(
    ["fact", "connection", "kind", "code", "named by", "why"],
    facts.map((it) => [
      it.key.slice(0, 12),
      it.connection,
      it.kind,
      it.code ?? "",
      it.identifiers
        .slice(0, 3)
        .map(({ type, value }) => `${type} ${value}`)
        .join(", "),
      it.reason ?? "",
    ]),
  );
}
