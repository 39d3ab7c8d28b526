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
import { codeTable, keyedFacts, tryMessage, type Trial } from "../partners/trial.ts";
import type { PartnerUse } from "../store/partner_uses.ts";
import type { Store } from "../store/store.ts";
import type { StoredMessage } from "../store/inbox.ts";
import { type CommandKit, notFound, usage, integer } from "./command_kit.ts";
import { askChange } from "./partner_change.ts";
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
    .option("--connection <code>", "ask Odoo what it would change for this connection")
    .option("--no-odoo", "do not ask Odoo")
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
  const odoo = await askOdoo(kit, options, partner, trials);
  const report: TrialReport = {
    mapping: mappingLabel(partner.mapping),
    messages: trials,
    codes: codeTable(trials),
    odoo,
  };
  kit.print(report, trialText);
  if (trials.every((it) => it.refused !== undefined && !it.refused.quarantine)) {
    throw new MilepostError("No sample could be read", { code: "partner_trial", retry: "never" });
  }
}

async function askOdoo(
  kit: CommandKit,
  { odoo, connection }: TryOptions,
  partner: Partner,
  trials: readonly Trial[],
): Promise<OdooPreview> {
  if (!odoo) return { asked: false, why: "not asked (--no-odoo)" };
  if (connection === undefined) {
    return { asked: false, why: "not asked: name the --connection whose shipments are meant" };
  }
  return withOdoo(kit, (api) =>
    previewFacts(api, connection, mappingLabel(partner.mapping), keyedFacts(trials)),
  );
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
  const messages = await store.inbox.latest(connection, limit);
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
