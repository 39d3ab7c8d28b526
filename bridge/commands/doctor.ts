/** `milepost doctor`: looks at everything that a bridge needs; each finding has a mend of one line. */
import type { Command } from "commander";
import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { connect } from "node:net";
import { BACKUP_AT } from "../admin/status.ts";
import { CONTRACT_VERSION } from "../canonical/exchange.ts";
import type { Config } from "../config.ts";
import { errorText, MilepostError } from "../errors.ts";
import { EXIT } from "../exit_code.ts";
import type { AnySource } from "../sources/source.ts";
import { type CommandKit, table } from "./command_kit.ts";
import { askBridge } from "./running_bridge.ts";

export interface DoctorKit extends CommandKit {
  /** The configuration with its secrets, which must be there. */
  configNow(): Config;
  configFile(): string;
  sources: ReadonlyMap<string, AnySource>;
}

interface Finding {
  check: string;
  state: "ok" | "warn" | "fail";
  text: string;
  mend?: string;
}

type Findings = Finding | Finding[];
type Check = (kit: DoctorKit, config: Config) => Promise<Findings> | Findings;

const ASK_MS = 10_000;
const BACKUP_OLD_MS = 36 * 3_600_000;

export function addDoctorCommand(program: Command, kit: DoctorKit): void {
  program
    .command("doctor")
    .description("look at configuration, store, disk, Odoo, folders, backups; one line mends each")
    .option("--partners", "try to reach the partners, too")
    .action(async ({ partners }: { partners?: true }) => {
      const checks = [...CHECKS, ...(partners ? [partnerChecks] : [])];
      const findings = [configuration(kit)];
      const config = kit.config();
      for (const check of checks) findings.push(...[await check(kit, config)].flat());
      kit.print(findings, lines);
      if (findings.some((it) => it.state === "fail")) process.exitCode = EXIT.unavailable;
    });
}

function configuration(kit: DoctorKit): Finding {
  const check = "configuration";
  const file = kit.configFile();
  try {
    kit.configNow();
  } catch (error) {
    const mend = (error as MilepostError).hint ?? "milepost config check";
    return { check, state: "fail", text: errorText(error), mend };
  }
  if ((statSync(file).mode & 0o007) === 0) return { check, state: "ok", text: file };
  return {
    check,
    state: "warn",
    text: `${file} can be read by everybody`,
    mend: `chmod 0640 ${file}`,
  };
}

const CHECKS: readonly Check[] = [disk, store, bridge, odoo, folders, orders];

function disk(_kit: DoctorKit, { data_dir, store: settings }: Config): Finding {
  const check = "disk";
  try {
    accessSync(data_dir, constants.R_OK);
    const { bavail, bsize } = statfsSync(data_dir);
    const free = Math.round((bavail * bsize) / 1_048_576);
    const text = `${free} MB are free in ${data_dir}`;
    if (free >= 2 * settings.min_free_mb) return { check, state: "ok", text };
    const state = free < settings.min_free_mb ? "fail" : "warn";
    return { check, state, text, mend: "make room, or lower store.retention_days" };
  } catch (error) {
    const mend = `mkdir -p ${data_dir} && chown milepost: ${data_dir}`;
    return { check, state: "fail", text: errorText(error), mend };
  }
}

async function store(kit: DoctorKit, config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    await kit.readStore(async (it) => {
      findings.push({
        check: "store",
        state: "ok",
        text: "it opens, and its schema is this program's",
      });
      findings.push(backup(config, await it.properties.get(BACKUP_AT)));
    });
  } catch (error) {
    const mend = (error as MilepostError).hint ?? "milepost restore, see docs/recovery.md";
    findings.push({ check: "store", state: "fail", text: errorText(error), mend });
  }
  return findings;
}

function backup({ backup: settings }: Config, at: string | null): Finding {
  const check = "backup";
  if (settings.key === undefined) {
    return { check, state: "warn", text: "backup.key is not set", mend: "milepost keys new" };
  }
  const isOld = at === null || Date.now() - Date.parse(at) > BACKUP_OLD_MS;
  if (!isOld) return { check, state: "ok", text: `the last one is of ${at}` };
  const mend = "milepost backup; systemctl enable --now milepost-backup.timer";
  return {
    check,
    state: "warn",
    text: at === null ? "there is none" : `the last one is of ${at}`,
    mend,
  };
}

async function bridge(_kit: DoctorKit, config: Config): Promise<Finding> {
  const check = "bridge";
  const status = await askBridge(config);
  if (status === undefined) {
    const text = "it does not run, or this user may not ask it";
    return {
      check,
      state: "warn",
      text,
      mend: "systemctl start milepost; journalctl -u milepost -n 50",
    };
  }
  const [first] = status.advice;
  if (first === undefined)
    return { check, state: "ok", text: "it runs, and nothing needs somebody" };
  return { check, state: "warn", text: `it runs; ${first.what}`, mend: first.todo };
}

async function odoo(kit: DoctorKit, config: Config): Promise<Finding[]> {
  const check = "odoo";
  let api: ReturnType<CommandKit["exchange"]> | undefined;
  try {
    api = kit.exchange();
    const { addon, contract, connections } = await api.hello(AbortSignal.timeout(ASK_MS));
    const missing = config.connections.filter(({ code }) => !connections.includes(code));
    return [
      {
        check,
        state: "ok",
        text: `addon ${addon}, contract ${contract} (here ${CONTRACT_VERSION})`,
      },
      ...missing.map(({ code }): Finding => ({
        check,
        state: "fail",
        text: `Odoo has no connection "${code}" for this user`,
        mend: `make it in Odoo: Milepost / Configuration / Connections, code ${code}`,
      })),
    ];
  } catch (error) {
    const mend = (error as MilepostError).hint ?? "check odoo.url, odoo.database and the API key";
    return [{ check, state: "fail", text: errorText(error), mend }];
  } finally {
    await api?.close();
  }
}

function folders(_kit: DoctorKit, { connections }: Config): Finding[] {
  return connections.flatMap(({ code, folder }) => {
    const places = [folder?.in, folder?.archive, folder?.error, folder?.out].filter(
      (it) => it !== undefined,
    );
    return places.map((place): Finding => {
      const check = `folder of ${code}`;
      try {
        accessSync(place, constants.R_OK | constants.W_OK);
        return { check, state: "ok", text: place };
      } catch {
        const mend = existsSync(place)
          ? `chown milepost: ${place}; under systemd also: milepost config systemd`
          : `mkdir -p ${place} && chown milepost: ${place}`;
        return { check, state: "fail", text: `${place} cannot be written`, mend };
      }
    });
  });
}

function orders({ sources }: DoctorKit, { connections }: Config): Finding[] {
  return connections.flatMap(
    ({ code, source, orders: settings, peer, folder, sftp }): Finding[] => {
      const hasWay = (peer ?? folder?.out ?? sftp?.out) !== undefined;
      const { sendOrder, sendEvent } = sources.get(source) ?? {};
      const isSending = sendOrder !== undefined || sendEvent !== undefined;
      if (!settings.enabled || (hasWay && isSending)) return [];
      const text = isSending
        ? "orders in Odoo would wait: it has no way out"
        : `orders in Odoo would wait: source ${source} sends none`;
      const mend = isSending
        ? "set peer, folder.out or sftp.out; or orders.enabled: false"
        : "orders.enabled: false, and no shipping method with this connection in Odoo";
      return [{ check: `orders of ${code}`, state: "warn", text, mend }];
    },
  );
}

async function partnerChecks(_kit: DoctorKit, { connections }: Config): Promise<Finding[]> {
  const findings = connections.map(async ({ code, peer, sftp }): Promise<Finding[]> => {
    const url = peer === undefined ? undefined : new URL(peer.base_url);
    const port = url && Number(url.port || (url.protocol === "https:" ? 443 : 80));
    const places = [
      ...(url === undefined ? [] : [{ host: url.hostname, port: port ?? 443 }]),
      ...(sftp === undefined ? [] : [{ host: sftp.host, port: sftp.port }]),
    ];
    return Promise.all(places.map((place) => reach(`partner of ${code}`, place)));
  });
  return (await Promise.all(findings)).flat();
}

function reach(check: string, { host, port }: { host: string; port: number }): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ASK_MS });
    const end = (state: Finding["state"], text: string) => {
      socket.destroy();
      const mend = "is the firewall open, the name right, the partner up?";
      resolve({ check, state, text, ...(state === "ok" ? {} : { mend }) });
    };
    socket.once("connect", () => end("ok", `${host}:${port} answers`));
    socket.once("timeout", () => end("fail", `${host}:${port} does not answer`));
    socket.once("error", (error) => end("fail", `${host}:${port}: ${error.message}`));
  });
}

function lines(findings: readonly Finding[]): string {
  const rows = findings.map((it) => [
    it.state,
    it.check,
    it.mend ? `${it.text}\n        mend: ${it.mend}` : it.text,
  ]);
  return table(["state", "what", "finding"], rows);
}
