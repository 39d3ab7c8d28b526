/**
 * `npm run demo`: a running system with live traffic until Ctrl-C.
 * `npm run demo -- --once --json`: to the end without a terminal; ends with 1 unless Odoo believes
 * exactly what happened and has invoiced exactly what was proven.
 */
import { Command, InvalidArgumentError } from "commander";
import { OdooUnavailable } from "../odoo/odoo.ts";
import { progress } from "../odoo/progress.ts";
import { runLive } from "./live.ts";
import { runOnce } from "./once.ts";
import { isRight } from "./once_result.ts";

interface Flags {
  once?: boolean;
  json?: boolean;
  kill: boolean;
  shipments: number;
  seed: string;
}

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("must be from 1");
  return value;
};

const flags = new Command("demo")
  .description("Odoo, the bridge and a simulated TMS, from sales order to invoice.")
  .option("--once", "run to the end, compare and stop")
  .option("--json", "with --once: print the result as one line of JSON")
  .option("--no-kill", "with --once: leave the bridge alone instead of killing it in the middle")
  .option("--shipments <count>", "sales orders to confirm", count, 60)
  .option("--seed <text>", "the same seed gives the same chance at the TMS", "milepost")
  .parse()
  .opts<Flags>();

const log = progress();
try {
  if (flags.once === true) {
    const result = await runOnce(flags, log);
    log(isRight(result) ? "Odoo believes what happened" : "Odoo does NOT believe what happened");
    console.log(flags.json === true ? JSON.stringify(result) : result);
    process.exitCode = isRight(result) ? 0 : 1;
  } else {
    await runLive({ seed: flags.seed }, log);
  }
} catch (error) {
  if (!(error instanceof OdooUnavailable)) throw error;
  console.error(error.message);
  process.exitCode = 69;
}
