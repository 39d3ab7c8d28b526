/** `milepost status`: what waits and what is paused, whether the bridge runs or not. */
import type { Command } from "commander";
import { accessSync, constants, statfsSync } from "node:fs";
import { adviceOf } from "../admin/advice.ts";
import { readStatus } from "../admin/status.ts";
import type { Status } from "../admin/status_type.ts";
import { statusText } from "../cli_text.ts";
import type { Config } from "../config.ts";
import type { CommandKit } from "./command_kit.ts";
import { askBridge } from "./running_bridge.ts";

export function addStatusCommand(program: Command, kit: CommandKit): void {
  program
    .command("status")
    .description("queued work and what is paused, since when, why, and what to do; needs no secret")
    .action(() =>
      kit.readStore(async (store) => {
        const status = await readStatus(store, new Date());
        const pauses = await pausesNow(kit.config(), status.pauses);
        const known = { ...status, pauses };
        kit.print({ ...known, advice: adviceOf(known, new Date()) }, statusText);
      }),
    );
}

/**
 * What the running bridge says: a store that cannot be written cannot hold that it is paused.
 * Without a running bridge, what the store holds and what can be seen from here.
 */
async function pausesNow(config: Config, stored: Status["pauses"]): Promise<Status["pauses"]> {
  const answer = await askBridge(config);
  return answer?.pauses ?? [...stored, ...storeFault(config)];
}

function storeFault({ data_dir, store }: Config): Status["pauses"] {
  const pause = { scope: "store", connection: "", since: new Date().toISOString() };
  try {
    accessSync(data_dir, constants.W_OK);
  } catch (error) {
    const reason = `data_dir cannot be written by this user: ${(error as Error).message}`;
    return [{ ...pause, code: "store_unavailable", reason, hint: "check rights and mount" }];
  }
  const { bavail, bsize } = statfsSync(data_dir);
  if (bavail * bsize >= store.min_free_mb * 1024 * 1024) return [];
  const reason = "the disk of data_dir is nearly full";
  return [
    { ...pause, code: "store_full", reason, hint: "free space: nothing is taken until then" },
  ];
}
