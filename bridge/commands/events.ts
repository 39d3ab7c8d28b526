/** `milepost events replay`: a consumer is told again what it lost. */
import { Command, InvalidArgumentError, Option } from "commander";
import { speaks, type ReplayAnswer } from "../canonical/exchange.ts";
import { MilepostError } from "../errors.ts";
import { operator } from "./audit.ts";
import type { CommandKit } from "./command_kit.ts";

interface Options {
  connection: string;
  since: string;
  state?: "accepted" | "rejected";
  dryRun?: true;
}

const ASK_MS = 60_000;

export function addEventCommands(program: Command, kit: CommandKit): void {
  program
    .command("events")
    .description("what consumers are told")
    .command("replay")
    .description("tell a consumer its events since a time again, each under its old id")
    .requiredOption("--connection <code>", "the consumer's connection")
    .requiredOption("--since <time>", "such as 2026-11-20T08:00:00Z", instant)
    .addOption(new Option("--state <state>", "only these").choices(["accepted", "rejected"]))
    .option("--dry-run", "only say how many")
    .action((options: Options) => replay(kit, options));
}

/** As Odoo writes instants: UTC, without zone. */
function instant(text: string): string {
  const at = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new InvalidArgumentError("must be a time with its zone");
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

async function replay(
  kit: CommandKit,
  { connection, since, state, dryRun = false }: { dryRun?: boolean } & Omit<Options, "dryRun">,
): Promise<void> {
  const api = kit.exchange();
  let answer: ReplayAnswer;
  try {
    const signal = AbortSignal.timeout(ASK_MS);
    const { contract } = await api.hello(signal);
    if (!speaks(contract, "1.5")) {
      throw new MilepostError(`The addon speaks contract ${contract}, which knows no events`, {
        code: "odoo_contract",
        retry: "never",
        hint: "upgrade the addons in Odoo: docs/upgrade.md says how",
      });
    }
    answer = await api.replayEvents(connection, since, { state, dryRun }, signal);
  } finally {
    await api.close();
  }
  if (!dryRun) {
    await kit.withStore((store) =>
      store.audit.record({
        at: Date.now(),
        by: operator(),
        action: "events replayed",
        detail: { connection, since, state: state ?? "all", count: answer.events },
      }),
    );
  }
  kit.print({ ...answer, dry_run: dryRun }, ({ events, withheld, more }) => {
    const verb = dryRun ? "would be told again" : "are told again";
    const kept = withheld === 0 ? "" : `, ${withheld} withheld: they were made under other rights`;
    return `${events} ${verb}${kept}${more ? "; there are more: ask again" : ""}`;
  });
}
