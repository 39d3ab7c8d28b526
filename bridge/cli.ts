/**
 * The command line; `milepost --help` lists its commands, commands/ holds all but `run` and `dead-letter`.
 *
 * Data goes to stdout, words about it to stderr. The commands beside `run` open the store
 * themselves, so they work whether the bridge runs or not; a running bridge sees what they put
 * back within a second.
 */
import { Command, CommanderError, Option } from "commander";
import { addAuditCommands, operator } from "./commands/audit.ts";
import { addBundleCommands } from "./commands/bundle.ts";
import { type CommandKit, integer, notFound } from "./commands/command_kit.ts";
import { addConfigCommands } from "./commands/config.ts";
import { addCursorCommands } from "./commands/cursor.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addEventCommands } from "./commands/events.ts";
import { addFieldsCommand } from "./commands/fields.ts";
import { addKeyCommands } from "./commands/keys.ts";
import { addMessageCommands } from "./commands/message.ts";
import { addPartnerCommands } from "./commands/partner.ts";
import { addPilotCommand } from "./commands/pilot.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addProofCommands } from "./commands/proofs.ts";
import { addDriftCommands } from "./commands/drift.ts";
import { addQuarantineCommands } from "./commands/quarantine.ts";
import { addRecoveryCommands } from "./commands/recovery.ts";
import { addStatusCommand } from "./commands/status.ts";
import { addTraceCommand } from "./commands/trace.ts";
import { addUnmatchedCommand } from "./commands/unmatched.ts";
import { deadLetterLines, deadLetterText, printable } from "./cli_text.ts";
import { DEFAULT_CONFIG_FILE, loadConfig, type Config } from "./config.ts";
import { errorText, MilepostError } from "./errors.ts";
import { EXIT, exitCode } from "./exit_code.ts";
import { openExchange, openStore, openStoreToRead, startBridge, storeRecovery } from "./main.ts";
import { sources } from "./sources/registry.ts";
import { STAGES, type DeadLetterFilter, type Stage } from "./store/dead_letters.ts";
import type { Store } from "./store/store.ts";
import { feedWatchdog, notifySystemd } from "./systemd.ts";
import { VERSION } from "./version.ts";

interface Common {
  config: string;
  json?: true;
}

interface Filter {
  connection?: string;
  stage?: Stage;
  code?: string;
  all?: true;
  limit?: number;
  dryRun?: true;
}

const program = new Command("milepost")
  .description(
    "The Milepost bridge: brings what TMS, carriers and EDI say into Odoo, and orders out.",
  )
  .version(VERSION)
  .addOption(
    new Option("-c, --config <file>", "configuration file")
      .env("MILEPOST_CONFIG")
      .default(DEFAULT_CONFIG_FILE),
  )
  .option("--json", "print JSON on stdout")
  .showHelpAfterError()
  .exitOverride();

program.command("run").description("run the bridge until SIGTERM").action(run);

const deadLetter = program.command("dead-letter").description("what could not go on");

withFilter(deadLetter.command("list"))
  .description("list them, newest first")
  .option("--all", "those replayed before, too")
  .action((options: Filter) =>
    readStore(async (store) => {
      const state = options.all ? undefined : ("open" as const);
      print(await store.deadLetters.list({ ...filterOf(options), state }), deadLetterLines);
    }),
  );

deadLetter
  .command("show")
  .description("one of them, with its message")
  .argument("<id>", "number of the dead letter", integer)
  .action((id: number) =>
    readStore(async (store) => {
      const letter = await store.deadLetters.get(id);
      if (letter === null) throw notFound(`There is no dead letter ${id}`);
      const message =
        letter.messageId === null ? null : await store.inbox.message(letter.messageId);
      print({ ...letter, payload: message?.body.toString("utf8") ?? null }, deadLetterText);
    }),
  );

withFilter(deadLetter.command("replay"))
  .description("put them back: by numbers or by filter")
  .argument("[ids...]", "numbers of dead letters", integers)
  .option("--all", "all that are open")
  .option("--dry-run", "only say which")
  .action((ids: number[] | undefined, options: Filter) => replay(ids ?? [], options));

const kit: CommandKit = {
  config,
  exchange: (apiKey) => {
    const it = config();
    return openExchange(apiKey ? { ...it, odoo: { ...it.odoo, api_key: apiKey } } : it);
  },
  withStore,
  readStore,
  print,
};
addStatusCommand(program, kit);
addRecoveryCommands(program, { ...kit, ...storeRecovery });
const whole = { ...kit, configNow: () => config("now"), configFile, sources };
addConfigCommands(program, whole);
addDoctorCommand(program, whole);
addTraceCommand(program, kit);
addPilotCommand(program, kit);
addBundleCommands(program, kit);
addMessageCommands(program, kit);
addAuditCommands(program, kit);
addQuarantineCommands(program, kit);
addDriftCommands(program, kit);
addProofCommands(program, kit);
addCompareCommand(program, kit);
addCursorCommands(program, kit);
addKeyCommands(program, kit);
addPartnerCommands(program, kit);
addEventCommands(program, kit);
addFieldsCommand(program, kit);
addUnmatchedCommand(program, kit);

async function run(): Promise<void> {
  const bridge = await startBridge(config("now"));
  notifySystemd("READY=1", process.env);
  const endFeeding = feedWatchdog(bridge.isWorking, process.env);
  if (json()) console.log(JSON.stringify({ started: bridge.urls }));
  const signalled = new Promise<"signal">((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => resolve("signal"));
    }
  });
  // Half a bridge is worse than none: systemd starts a whole one.
  const why = await Promise.race([signalled, bridge.failure]);
  notifySystemd("STOPPING=1", process.env);
  await bridge.stop();
  endFeeding();
  // A hanging XML-RPC call of the library cannot be aborted; it must not hold the process.
  process.exit(why === "signal" ? EXIT.ok : EXIT.internal);
}

async function replay(ids: readonly number[], options: Filter): Promise<void> {
  const filter = filterOf(options);
  if (ids.length === 0 && !options.all && !options.connection && !options.stage && !options.code) {
    throw new CommanderError(
      EXIT.usage,
      "milepost.replay",
      "name dead letters by number, by filter, or --all",
    );
  }
  const wanted: DeadLetterFilter = { ...filter, ...(ids.length === 0 ? {} : { ids }) };
  await withStore(async (store) => {
    const replayed = options.dryRun
      ? (await store.deadLetters.list({ ...wanted, state: "open" })).map((it) => it.id)
      : await store.deadLetters.replay(wanted, Date.now(), operator());
    const verb = options.dryRun ? "would be put back" : "put back";
    print(
      { replayed, dry_run: options.dryRun === true },
      () => `${replayed.length} ${verb}: ${replayed.join(", ")}`,
    );
  });
}

function withFilter(command: Command): Command {
  return command
    .option("--connection <code>", "only of this connection")
    .addOption(new Option("--stage <stage>", "only of this stage").choices(STAGES))
    .option("--code <code>", "only with this error code")
    .option("--limit <n>", "at most so many", integer);
}

function filterOf({ connection, stage, code, limit }: Filter): DeadLetterFilter {
  return { connection, stage, code, limit };
}

function integers(text: string, before: number[] = []): number[] {
  return [...before, integer(text)];
}

function json(): boolean {
  return program.opts<Common>().json === true;
}

function configFile(): string {
  return program.opts<Common>().config;
}

/** With its secrets, for what speaks to others; what reads the store alone needs none. */
function config(needed: "now" | "when used" = "when used"): Config {
  return loadConfig(configFile(), process.env, sources, needed);
}

function withStore(work: StoreWork): Promise<void> {
  return using(openStore, work);
}

function readStore(work: StoreWork): Promise<void> {
  return using(openStoreToRead, work);
}

type StoreWork = (store: Store) => Promise<void>;

async function using(open: typeof openStore, work: StoreWork): Promise<void> {
  const { data_dir, store: settings } = config();
  const store = open(data_dir, settings.keys);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

function print<T>(data: T, text: (data: T) => string): void {
  console.log(json() ? JSON.stringify(data) : printable(text(data)));
}

function fail(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.code === "milepost.replay") console.error(error.message);
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const hint = error instanceof MilepostError && error.hint ? `\n${error.hint}` : "";
  const code = error instanceof MilepostError ? ` [${error.code}]` : "";
  console.error(`${errorText(error)}${code}${hint}`);
  if (!(error instanceof MilepostError)) console.error(error);
  return exitCode(error);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
