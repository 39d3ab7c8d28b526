/** `milepost partner new | try | test | diff | enable | history`: partners without code. */
import type { Command } from "commander";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { extname, join } from "node:path";
import { MilepostError } from "../errors.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import { compareMappings, type GivenFacts } from "../partners/comparison.ts";
import { mappingLabel, type Partner } from "../partners/partner.ts";
import { enablePartner } from "../partners/partner_book.ts";
import { proposeMapping } from "../partners/proposal.ts";
import { readSamples } from "../partners/samples.ts";
import { tryPoll, type PollTrial } from "../partners/poll_trial.ts";
import { codeTable, keyedFacts, tryMessage, type Trial } from "../partners/trial.ts";
import type { PartnerUse } from "../store/partner_uses.ts";
import type { Store } from "../store/store.ts";
import { PROOF_NOTICE } from "../sources/shared/reading/proof_notice.ts";
import type { StoredMessage } from "../store/inbox.ts";
import { type CommandKit, notFound, usage, integer } from "./command_kit.ts";
import { askChange } from "./partner_change.ts";
import { askCodes, type OdooCodes } from "./partner_codes.ts";
import { resolvePartner } from "./partner_file.ts";
import { type OdooPreview, previewFacts } from "./partner_preview.ts";
import { addPartnerTest } from "./partner_test.ts";
import { comparisonText, historyText, trialText, type TrialReport } from "./partner_text.ts";

interface NewOptions {
  sample: string;
  zone: string;
  force?: true;
  out?: string;
}

interface TryOptions {
  connection?: string;
  odoo: boolean;
  poll: boolean;
}

interface DiffOptions {
  connection?: string;
  samples?: string;
  messages: number;
  odoo: boolean;
}

export function addPartnerCommands(program: Command, kit: CommandKit): void {
  const partner = program.command("partner").description("partners without code: one file each");

  partner
    .command("new")
    .description("make a mapping from a sample message: a beginning to go through")
    .argument("<name>", "name of the partner")
    .requiredOption("--sample <file>", "a message as the partner sends it: .json, .csv or .xml")
    .option("--zone <zone>", "IANA time zone of times that name none", "UTC")
    .option("--out <file>", "where to write it; default: <partners_dir>/<name>.yaml")
    .option("--force", "write over a file that is there")
    .action((name: string, options: NewOptions) => create(kit, name, options));

  partner
    .command("try")
    .description("dry run over a sample or a folder of samples: nothing is stored or sent")
    .argument("<partner>", "file, name, or name@version in use before")
    .argument("<samples>", "file or folder")
    .option("--connection <code>", "ask its partner for a page, and Odoo what it would change")
    .option("--no-odoo", "do not ask Odoo")
    .option("--no-poll", "do not ask the partner")
    .action((name: string, samples: string, options: TryOptions) =>
      attempt(kit, name, samples, options),
    );

  addPartnerTest(partner, kit);

  partner
    .command("diff")
    .description("compare two versions over the stored messages of a connection, or over samples")
    .argument("<before>", "file, name, or name@version")
    .argument("<after>", "file, name, or name@version")
    .option("--connection <code>", "whose stored messages")
    .option("--samples <path>", "file or folder instead")
    .option("--messages <n>", "so many of the latest messages", integer, 1000)
    .option("--no-odoo", "do not ask Odoo what would change of states and money")
    .action((before: string, after: string, options: DiffOptions) =>
      diff(kit, before, after, options),
    );

  partner
    .command("enable")
    .description("put a version into use; a running bridge goes over to it within a second")
    .argument("<partner>", "file or name; name@version goes back to an earlier one")
    .option("--dry-run", "only check it")
    .action((name: string, options: { dryRun?: true }) => enable(kit, name, options));

  partner
    .command("history")
    .description("which versions were put into use, when and by whom")
    .argument("<name>", "name of the partner")
    .action((name: string) =>
      kit.withStore(async (store) => {
        const uses = await store.partners.history(name);
        if (uses.length === 0) throw notFound(`No version of ${name} was ever in use`);
        kit.print(uses.map(withoutText), historyText);
      }),
    );
}

function create(kit: CommandKit, name: string, options: NewOptions): void {
  const type = extname(options.sample).slice(1).toLowerCase();
  if (type !== "json" && type !== "csv" && type !== "xml") {
    throw usage(`${options.sample}: a sample ends in .json, .csv or .xml`);
  }
  const file = options.out ?? join(kit.config().partners_dir, `${name}.yaml`);
  if (existsSync(file) && options.force !== true) {
    throw usage(`${file} is there already; --force writes over it`);
  }
  let body: Buffer;
  try {
    body = readFileSync(options.sample);
  } catch (error) {
    throw notFound(`${options.sample} cannot be read: ${(error as Error).message}`);
  }
  const { text, found } = proposeMapping(name, type, body, options.zone);
  writeFileSync(file, text);
  kit.print({ file, ...found }, () =>
    [
      `wrote ${file}`,
      `identifiers: ${found.identifiers.join(", ") || "none recognised"}`,
      `time: ${found.time ?? "none recognised"}, code: ${found.code ?? "none recognised"}`,
      ...found.unsure.map((it) => `to do: ${it}`),
    ].join("\n"),
  );
}

async function attempt(
  kit: CommandKit,
  name: string,
  path: string,
  options: TryOptions,
): Promise<void> {
  const partner = await resolvePartner(kit, name);
  const trials: Trial[] = [];
  for (const sample of readSamples(path, new Date())) {
    trials.push(await tryMessage(sample.name, sample.message, partner));
  }
  const poll = await askPartner(kit, options, partner);
  const report: TrialReport = {
    mapping: mappingLabel(partner.mapping),
    messages: trials,
    codes: codeTable(trials),
    ...(await askOdoo(kit, options, partner, trials)),
    poll,
  };
  kit.print(report, trialText);
  if (trials.every((it) => it.refused !== undefined && !it.refused.quarantine)) {
    throw new MilepostError("No sample could be read", { code: "partner_trial", retry: "never" });
  }
  if (poll.asked && !poll.ok) {
    const { text, hint } = poll;
    throw new MilepostError(`The partner cannot be polled: ${text}`, {
      code: "partner_trial",
      retry: "never",
      ...(hint !== undefined && { hint }),
    });
  }
}

async function askPartner(
  kit: CommandKit,
  { poll, connection: code }: TryOptions,
  partner: Partner,
): Promise<PollTrial> {
  if (!poll) return { asked: false, why: "not asked (--no-poll)" };
  if (code === undefined) return { asked: false, why: "not asked: name the --connection" };
  const connection = kit.config().connections.find((it) => it.code === code);
  if (connection === undefined)
    throw notFound(`There is no connection ${code} in the configuration`);
  return tryPoll(connection, partner);
}

async function askOdoo(
  kit: CommandKit,
  { odoo, connection }: TryOptions,
  partner: Partner,
  trials: readonly Trial[],
): Promise<{ odoo: OdooPreview; odoo_codes: OdooCodes }> {
  const unasked = (why: string) => ({ asked: false as const, why: `not asked${why}` });
  if (!odoo || connection === undefined) {
    const why = odoo ? ": name the --connection whose shipments are meant" : " (--no-odoo)";
    return { odoo: unasked(why), odoo_codes: unasked(why) };
  }
  const [mapping, facts] = [mappingLabel(partner.mapping), keyedFacts(trials)];
  return withOdoo(kit, async (api) => ({
    odoo: await previewFacts(api, connection, mapping, facts),
    odoo_codes: await askCodes(api, connection, mapping, facts),
  }));
}

async function diff(
  kit: CommandKit,
  before: string,
  after: string,
  options: DiffOptions,
): Promise<void> {
  const [old, fresh] = [await resolvePartner(kit, before), await resolvePartner(kit, after)];
  const labels = { before: mappingLabel(old.mapping), after: mappingLabel(fresh.mapping) };
  const { connection } = options;
  if (options.samples !== undefined) {
    const result = await compareMappings(old, fresh, readSamples(options.samples, new Date()));
    const why = "not asked: samples are no stored messages";
    return kit.print({ ...labels, ...result, odoo: { asked: false, why } }, comparisonText);
  }
  if (connection === undefined) throw usage("name a --connection, or --samples");
  await kit.readStore(async (store) => {
    const given: GivenFacts = { before: new Map(), after: new Map() };
    const messages = history(store, connection, options.messages);
    const result = await compareMappings(old, fresh, messages, given);
    const odoo = options.odoo
      ? await withOdoo(kit, (api) => askChange(api, store.facts, connection, labels.after, given))
      : { asked: false as const, why: "not asked (--no-odoo)" };
    kit.print({ ...labels, ...result, odoo }, comparisonText);
  });
}

async function withOdoo<T>(kit: CommandKit, work: (api: ExchangeApi) => Promise<T>): Promise<T> {
  const api = kit.exchange();
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** A connection's stored messages, a few at a time: they may be large. */
async function* history(store: Store, connection: string, limit: number) {
  const latest = await store.inbox.latest(connection, limit);
  const messages = latest.filter(({ contentType }) => contentType !== PROOF_NOTICE);
  if (messages.length === 0) throw notFound(`Nothing of connection ${connection} is stored`);
  for (const message of messages.toReversed()) yield { name: message.id, message: rawOf(message) };
}

function rawOf({ body, contentType, receivedAt, attributes }: StoredMessage) {
  return { body, contentType, receivedAt: new Date(receivedAt), attributes };
}

async function enable(kit: CommandKit, name: string, options: { dryRun?: true }): Promise<void> {
  const partner = await resolvePartner(kit, name);
  const mapping = mappingLabel(partner.mapping);
  if (options.dryRun === true) {
    return kit.print({ mapping, dry_run: true }, () => `${mapping} can be put into use`);
  }
  await kit.withStore(async (store) => {
    const before = await store.partners.inUse(partner.mapping.mapping.name);
    const use = await enablePartner(store.partners, partner, userInfo().username, Date.now());
    const was = before === null ? null : before.version;
    kit.print({ mapping, dry_run: false, before: was, use: withoutText(use) }, () =>
      [`${mapping} is in use`, ...(was === null ? [] : [`before: version ${was}`])].join("; "),
    );
  });
}

function withoutText({ text: _text, ...use }: PartnerUse): Omit<PartnerUse, "text"> {
  return use;
}
