/** `milepost bundle make | try | take`: what was tried in test, for production. */
import type { Command } from "commander";
import { readFileSync, writeFileSync } from "node:fs";
import {
  type Bundle,
  type Difference,
  differences,
  makeBundle,
  readBundle,
  takePartners,
} from "../partners/bundle.ts";
import type { BundleReport } from "../canonical/exchange.ts";
import { Secret } from "../config.ts";
import type { ExchangeApi } from "../odoo/exchange_api.ts";
import { type CommandKit, usage } from "./command_kit.ts";

interface Options {
  keyFile: string;
}

interface Outcome {
  bridge: Difference[];
  files: string[];
  odoo: BundleReport;
  taken: boolean;
}

const ASK_MS = 120_000;
const KEY = "file with an API key of a person who may read or write it in Odoo; not the bridge's";

export function addBundleCommands(program: Command, kit: CommandKit): void {
  const bundle = program
    .command("bundle")
    .description("connections, partners' files, code maps, policies and rates for elsewhere");

  bundle
    .command("make")
    .description("write what is configured here, without a secret")
    .argument("<file>", "where to write it")
    .requiredOption("--key-file <file>", KEY)
    .action(async (file: string, options: Options) => {
      const odoo = await asPerson(kit, options, (api, signal) => api.exportBundle(signal));
      const made = makeBundle(kit.config(), odoo, new Date());
      writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o640 });
      kit.print(countsOf(made), (counts) => `${file}: ${textOf(counts)}`);
    });

  for (const [name, text] of [
    ["try", "say what is otherwise here than in a bundle, and change nothing"],
    ["take", "bring Odoo and the partners' files here to what a bundle says"],
  ] as const) {
    bundle
      .command(name)
      .description(text)
      .argument("<file>", "the bundle")
      .requiredOption("--key-file <file>", KEY)
      .action((file: string, options: Options) => take(kit, file, options, name === "take"));
  }
}

async function take(kit: CommandKit, file: string, options: Options, isTaken: boolean) {
  const made = readBundle(file);
  const config = kit.config();
  const bridge = differences(made, config);
  const odoo = await asPerson(kit, options, (api, signal) =>
    api.importBundle(made.odoo, !isTaken, signal),
  );
  const isWritten = isTaken && odoo.problems.length === 0;
  const files = isWritten ? takePartners(made, config) : [];
  kit.print({ bridge, files, odoo, taken: isWritten }, outcomeText);
  if (odoo.problems.length > 0) process.exitCode = 65;
}

/** The bridge's own user may exchange facts and nothing else: configuration is a person's. */
async function asPerson<T>(
  kit: CommandKit,
  { keyFile }: Options,
  work: (api: ExchangeApi, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let key: string;
  try {
    key = readFileSync(keyFile, "utf8").trim();
  } catch (error) {
    throw usage(`The key cannot be read: ${(error as Error).message}`);
  }
  const api = kit.exchange(new Secret(key));
  try {
    return await work(api, AbortSignal.timeout(ASK_MS));
  } finally {
    await api.close();
  }
}

function countsOf({ connections, partners, odoo }: Bundle): Record<string, number> {
  const ofOdoo = odoo.parts.map(({ model, rows }) => [model, rows.length] as const);
  return {
    connections: connections.length,
    partners: Object.keys(partners).length,
    ...Object.fromEntries(ofOdoo),
  };
}

function textOf(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

function outcomeText({ bridge, files, odoo, taken }: Outcome): string {
  const lines = [
    ...bridge.map(({ where, text, todo }) => `${where}: ${text}${todo ? `\n  ${todo}` : ""}`),
    ...odoo.changes.map((it) => `${it.model} ${it.name}: ${it.is} (${it.fields.join(", ")})`),
    ...odoo.refused.map((model) => `${model}: this person may not write it; left out`),
    ...odoo.problems.map((it) => `cannot be taken: ${it}`),
    ...files.map((it) => `${it} is written: milepost partner enable puts it into use`),
    `${odoo.same} records are as the bundle says`,
    taken ? "taken" : "nothing was changed",
  ];
  return lines.join("\n");
}
