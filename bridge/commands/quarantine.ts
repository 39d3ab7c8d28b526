/** `milepost quarantine list | show | release`: messages in a version, or of parties, that are not known. */
import type { Command } from "commander";
import type { QuarantinedMessage } from "../store/quarantine.ts";
import { operator } from "./audit.ts";
import { type CommandKit, notFound, table, usage, integer } from "./command_kit.ts";

interface Options {
  connection?: string;
  code?: string;
  all?: true;
  limit?: number;
  dryRun?: true;
}

export function addQuarantineCommands(program: Command, kit: CommandKit): void {
  const quarantine = program
    .command("quarantine")
    .description("messages in a version, or of parties, that are not known");

  filtered(quarantine.command("list"))
    .description("list them, newest first")
    .option("--all", "those released before, too")
    .action((options: Options) =>
      kit.readStore(async (store) => {
        kit.print(await store.quarantine.list(options), lines);
      }),
    );

  quarantine
    .command("show")
    .description("one of them, with the message")
    .argument("<id>", "id of the message")
    .action((id: string) =>
      kit.readStore(async (store) => {
        const [entry] = await store.quarantine.list({ ids: [id], all: true });
        const message = await store.inbox.message(id);
        if (entry === undefined || message === null) {
          throw notFound(`Message ${id} is not in quarantine`);
        }
        kit.print({ ...entry, payload: message.body.toString("utf8") }, text);
      }),
    );

  filtered(quarantine.command("release"))
    .description("have them read again, once mapping or settings know their version and parties")
    .argument("[ids...]", "ids of messages")
    .option("--all", "all that are open")
    .option("--dry-run", "only say which")
    .action((ids: string[], options: Options) => release(kit, ids, options));
}

async function release(kit: CommandKit, ids: string[], options: Options): Promise<void> {
  if (ids.length === 0 && !options.all && !options.connection && !options.code) {
    throw usage("name messages by id, by filter, or --all");
  }
  const { connection, code } = options;
  const filter = { connection, code, ...(ids.length === 0 ? {} : { ids }) };
  await kit.withStore(async (store) => {
    const released = options.dryRun
      ? (await store.quarantine.list(filter)).map((it) => it.messageId)
      : await store.quarantine.release(filter, Date.now(), operator());
    const verb = options.dryRun ? "would be read again" : "are read again";
    kit.print(
      { released, dry_run: options.dryRun === true },
      () => `${released.length} ${verb}: ${released.join(", ")}`,
    );
  });
}

function filtered(command: Command): Command {
  return command
    .option("--connection <code>", "only of this connection")
    .option("--code <code>", "only with this error code")
    .option("--limit <n>", "at most so many", integer);
}

function lines(entries: readonly QuarantinedMessage[]): string {
  if (entries.length === 0) return "nothing is in quarantine";
  return table(
    ["message", "since", "connection", "code", "reason"],
    entries.map(({ messageId, createdAt, connection, problem, state }) => [
      messageId,
      new Date(createdAt).toISOString(),
      connection,
      state === "released" ? `${problem.code} (released)` : problem.code,
      problem.reason,
    ]),
  );
}

function text({ payload, ...entry }: QuarantinedMessage & { payload: string }): string {
  const { problem, connection, messageId, createdAt, state } = entry;
  return [
    `message:     ${messageId}`,
    `connection:  ${connection}`,
    `state:       ${state}`,
    `since:       ${new Date(createdAt).toISOString()}`,
    `code:        ${problem.code}`,
    `reason:      ${problem.reason}`,
    `where:       ${problem.path ?? "-"}`,
    `what to do:  ${problem.hint ?? "-"}`,
    `payload:\n${payload}`,
  ].join("\n");
}
