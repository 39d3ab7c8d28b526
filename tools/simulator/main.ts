/** `npm run simulator`: a TMS to connect a bridge to. */
import { Command, InvalidArgumentError } from "commander";
import { startSimulator } from "./simulator.ts";

interface Flags {
  port: number;
  host: string;
  speed: number;
  seed: string;
  token?: string;
  webhookUrl?: string;
  webhookSecret?: string;
}

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError("must be a number from 0");
  return value;
};

const program = new Command("simulator")
  .description("A TMS that speaks Open Trip Model 5, with a ledger of what truly happened.")
  .option("--port <port>", "port of the API", number, 8500)
  .option("--host <host>", "address to listen on", "127.0.0.1")
  .option("--speed <factor>", "simulated seconds per second", number, 600)
  .option("--seed <text>", "the same seed gives the same chance", "milepost")
  .option("--token <token>", "bearer token that the API asks for")
  .option("--webhook-url <url>", "where messages are pushed")
  .option("--webhook-secret <secret>", "Standard Webhooks secret, whsec_<base64>")
  .parse();

const flags = program.opts<Flags>();
if ((flags.webhookUrl === undefined) !== (flags.webhookSecret === undefined)) {
  program.error("give --webhook-url and --webhook-secret together", { exitCode: 64 });
}
const { port, host, speed, seed, token, webhookUrl: url, webhookSecret: secret } = flags;
const simulator = await startSimulator({
  port,
  host,
  speed,
  seed,
  ...(token !== undefined && { token }),
  ...(url !== undefined && secret !== undefined && { webhook: { url, secret } }),
});
process.stdout.write(`API      ${simulator.url}/api/v5\nControls ${simulator.url}/control/truth\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void simulator.stop());
}
