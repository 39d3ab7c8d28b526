/** `milepost pilot`: the template of the operating model, filled from what is configured and measured. */
import type { Command } from "commander";
import { type Figures, speaks } from "../canonical/exchange.ts";
import type { Config } from "../config.ts";
import { errorText } from "../errors.ts";
import type { CommandKit } from "./command_kit.ts";

interface Pilot {
  environment: string;
  connections: Array<{ code: string; source: string; in: string[]; out: string }>;
  figures: Figures | null;
  /** Why Odoo told none. */
  fault?: string;
}

const ASK_MS = 20_000;
/** What people fill in. */
const BLANK = "…";

export function addPilotCommand(program: Command, kit: CommandKit): void {
  program
    .command("pilot")
    .description("print the operating model of a pilot, filled from configuration and figures")
    .action(async () => {
      const config = kit.config();
      const connections = config.connections.map(waysOf);
      const { environment } = config;
      kit.print({ environment, connections, ...(await measured(kit)) }, document);
    });
}

function waysOf(it: Config["connections"][number]): Pilot["connections"][number] {
  const { webhook, poll, folder, sftp } = it;
  const ways = { webhook, poll, folder, sftp };
  const enabled = Object.entries(ways).filter(([, way]) => way?.enabled === true);
  const out = it.peer ? "API" : folder?.out ? "folder" : sftp?.out ? "SFTP" : "none";
  return { code: it.code, source: it.source, in: enabled.map(([name]) => name), out };
}

async function measured(kit: CommandKit): Promise<Pick<Pilot, "figures" | "fault">> {
  let api: ReturnType<CommandKit["exchange"]> | undefined;
  try {
    api = kit.exchange();
    const signal = AbortSignal.timeout(ASK_MS);
    const { contract } = await api.hello(signal);
    if (speaks(contract, "1.1")) return { figures: await api.figures(signal) };
    return { figures: null, fault: "the addon is older than contract 1.1" };
  } catch (error) {
    return { figures: null, fault: errorText(error) };
  } finally {
    await api?.close();
  }
}

function document({ environment, connections, figures, fault }: Pilot): string {
  const uptime = (code: string) => {
    const found = figures?.connections.find((it) => it.code === code);
    return found === undefined ? BLANK : `${(found.uptime * 100).toFixed(2)} %`;
  };
  return [
    `# Pilot: operating model (${environment})`,
    "",
    "| connection | speaks | comes in by | orders go by | uptime of 30 days | owner | deputy | agreed |",
    "|---|---|---|---|---|---|---|---|",
    ...connections.map(
      (it) =>
        `| ${it.code} | ${it.source} | ${it.in.join(", ") || "none"} | ${it.out} | ${uptime(it.code)} | ${BLANK} | ${BLANK} | ${BLANK} |`,
    ),
    "",
    "| figure | week 0 (before) | now | goal |",
    "|---|---|---|---|",
    ...rows(figures).map(([name, value]) => `| ${name} | ${BLANK} | ${value} | ${BLANK} |`),
    ...(fault === undefined ? [] : ["", `Odoo told no figures: ${fault}`]),
    "",
    "| role | person | deputy |",
    "|---|---|---|",
    ...[
      "dispatcher",
      "billing analyst",
      "finance manager",
      "controller",
      "integration operator",
    ].map((role) => `| ${role} | ${BLANK} | ${BLANK} |`),
    "",
    `Lane, carrier, customer: ${BLANK}   Begin: ${BLANK}   Live: ${BLANK}   Decision: ${BLANK}, by ${BLANK}`,
    "Process, course and stop rules: docs/operating_model.md",
  ].join("\n");
}

function rows(figures: Figures | null): Array<[string, string]> {
  const billing = figures?.billing;
  const hours = (seconds: number | null | undefined) =>
    seconds == null ? BLANK : `${(seconds / 3600).toFixed(1)} h`;
  const share = billing?.without_proof_share;
  const held = billing?.holds.reduce((sum, it) => sum + it.count, 0);
  return [
    ["median until a delivery can be billed", hours(billing?.readiness_median_seconds)],
    ["P90 until a delivery can be billed", hours(billing?.readiness_p90_seconds)],
    ["deliveries without proof in time", share == null ? BLANK : `${(share * 100).toFixed(1)} %`],
    ["carrier bills held", billing === undefined ? BLANK : String(billing.charge_exceptions)],
    ["holds that block now", held === undefined ? BLANK : String(held)],
    ["deliveries in 30 days", billing === undefined ? BLANK : String(billing.deliveries)],
    ["false holds", BLANK],
  ];
}
