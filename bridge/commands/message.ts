/** `milepost message list | search | show | replay`: what came in, and reading it again. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { messageText } from "../cli_text.ts";
import {
  MESSAGE_STATES,
  type MessageFilter,
  type MessageState,
  type MessageSummary,
} from "../store/inbox.ts";
import type { Store } from "../store/store.ts";
import { operator } from "./audit.ts";
import { type CommandKit, integer, notFound, table, usage } from "./command_kit.ts";

interface Options {
  connection?: string;
  state?: MessageState;
  mapping?: string;
  shipment?: string;
  kind?: string;
  since?: number;
  until?: number;
  limit: number;
}

interface ReplayOptions extends Omit<Options, "limit"> {
  yes?: true;
  dryRun?: true;
  changesOnly?: true;
}

/** Looked at before the next page: few enough to hold them. */
const PAGE = 500;
/** Put back in one go; between two of them the command can be stopped. */
const REPLAYED_AT_ONCE = 100;

export function addMessageCommands(program: Command, kit: CommandKit): void {
  const message = program.command("message").description("stored messages");

  withFilter(message.command("list"))
    .description("messages as they came in, newest first")
    .option("--limit <n>", "at most so many", integer, 50)
    .action(({ limit, ...filter }: Options) =>
      kit.readStore(async (store) => kit.print(await store.inbox.find(filter, limit), listed)),
    );

  withFilter(message.command("search"))
    .description("messages whose content holds a text, newest first")
    .argument("<text>", "what is looked for; case does not matter")
    .option("--limit <n>", "at most so many", integer, 50)
    .action((text: string, { limit, ...filter }: Options) =>
      kit.readStore(async (store) => kit.print(await search(store, text, filter, limit), listed)),
    );

  message
    .command("show")
    .description("a message as it came in, and what became of its facts")
    .argument("<id>", "id of the message, as Odoo and the logs show it")
    .action((id: string) =>
      kit.readStore(async (store) => {
        const stored = await store.inbox.message(id);
        if (stored === null) throw notFound(`There is no message ${id}`);
        const { body, receivedAt, ...head } = stored;
        const received_at = new Date(receivedAt).toISOString();
        const facts = await store.facts.ofMessage(id);
        kit.print({ ...head, received_at, payload: body.toString("utf8"), facts }, messageText);
      }),
    );

  withFilter(message.command("replay"))
    .description(
      "read messages again, by ids or by filter: what they no longer say is withdrawn, the rest delivered again",
    )
    .argument("[ids...]", "ids of messages")
    .option("--changes-only", "send only what the reading changes, not what Odoo has already")
    .option("--dry-run", "only say how many")
    .option("--yes", "with a filter: do it; without, it only says how many")
    .action((ids: string[], options: ReplayOptions) => replay(kit, ids, options));
}

function withFilter(command: Command): Command {
  return command
    .option("--connection <code>", "only of this connection")
    .addOption(new Option("--state <state>", "only in this state").choices(MESSAGE_STATES))
    .option("--mapping <version>", "only what this read: mapped:acme@2")
    .option("--shipment <number>", "only what says something of this shipment of Odoo")
    .option("--kind <kind>", "only with a fact of this kind")
    .option(
      "--since <time>",
      "only what came then or later: 2026-11-29T08:00Z, or 2h, 3d ago",
      time,
    )
    .option("--until <time>", "only what came before", time);
}

/** An instant, or how long ago; epoch milliseconds. A date without a zone is UTC. */
export function time(text: string): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const minutes = { m: 1, h: 60, d: 1440 }[unit ?? ""];
  if (minutes !== undefined) return Date.now() - Number(count) * minutes * 60_000;
  const at = Date.parse(
    /[zZ]|[+-]\d\d:?\d\d$/.test(text) || !text.includes("T") ? text : `${text}Z`,
  );
  if (Number.isNaN(at)) throw new InvalidArgumentError("must be a time, or such as 2h or 3d");
  return at;
}

/** Goes through the messages page by page, so that a large store is never held at once. */
async function search(
  store: Store,
  text: string,
  filter: MessageFilter,
  limit: number,
): Promise<MessageSummary[]> {
  const wanted = text.toLowerCase();
  const found: MessageSummary[] = [];
  for await (const page of pages(store, filter)) {
    for (const summary of page) {
      const body = (await store.inbox.message(summary.id))?.body.toString("utf8") ?? "";
      if (body.toLowerCase().includes(wanted)) found.push(summary);
      if (found.length === limit) return found;
    }
  }
  return found;
}

async function* pages(store: Store, filter: MessageFilter): AsyncGenerator<MessageSummary[]> {
  let beforeSeq: number | undefined;
  for (;;) {
    const page = await store.inbox.find({ ...filter, beforeSeq }, PAGE);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    beforeSeq = page.at(-1)?.seq;
  }
}

async function replay(kit: CommandKit, ids: string[], options: ReplayOptions): Promise<void> {
  const { yes, dryRun, changesOnly, ...filter } = options;
  const hasFilter = Object.values(filter).some((it) => it !== undefined);
  if (ids.length === 0 && !hasFilter) throw usage("name messages by id or by filter");
  const wanted: MessageFilter = { ...filter, ...(ids.length === 0 ? {} : { ids }) };
  const onlySay = dryRun === true || (ids.length === 0 && yes !== true);
  if (onlySay) return kit.readStore((store) => estimate(kit, store, wanted));
  await kit.withStore((store) => putBack(kit, store, ids, wanted, changesOnly !== true));
}

async function estimate(kit: CommandKit, store: Store, filter: MessageFilter): Promise<void> {
  const sums = { messages: 0, facts: 0, bytes: 0 };
  for await (const page of pages(store, filter)) {
    sums.messages += page.length;
    for (const { facts, bytes } of page) {
      sums.facts += facts;
      sums.bytes += bytes;
    }
  }
  kit.print(
    { ...sums, dry_run: true },
    ({ messages, facts, bytes }) =>
      `${messages} messages (${bytes} bytes) with ${facts} facts would be read again; do it with --yes`,
  );
}

async function putBack(
  kit: CommandKit,
  store: Store,
  ids: readonly string[],
  filter: MessageFilter,
  deliver: boolean,
): Promise<void> {
  // Collected first: those put back leave the state that the filter may ask for.
  const wanted: string[] = [];
  for await (const page of pages(store, filter)) wanted.push(...page.map((it) => it.id));
  const missing = ids.filter((id) => !wanted.includes(id));
  if (missing.length > 0) throw notFound(`There is no message ${missing.join(", ")}`);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  const replayed: string[] = [];
  for (const id of wanted) {
    if (stop.signal.aborted) break;
    if (await store.inbox.replay(id, Date.now(), operator(), deliver)) replayed.push(id);
    if (replayed.length % REPLAYED_AT_ONCE === 0)
      console.error(`${replayed.length} of ${wanted.length}; Ctrl-C stops after the one at hand`);
  }
  process.off("SIGINT", onSignal);
  kit.print({ replayed, left: wanted.length - replayed.length, dry_run: false }, (it) =>
    replayed.length === 1
      ? `message ${replayed[0] ?? ""} is read again`
      : `${replayed.length} messages are read again${it.left === 0 ? "" : `, ${it.left} are left`}`,
  );
}

function listed(messages: readonly MessageSummary[]): string {
  if (messages.length === 0) return "no message";
  return table(
    ["message", "received", "connection", "by", "state", "read by", "facts", "bytes"],
    messages.map((it) => [
      it.id,
      new Date(it.receivedAt).toISOString(),
      it.connection,
      it.channel,
      it.state,
      it.mapping ?? "-",
      String(it.facts),
      String(it.bytes),
    ]),
  );
}
