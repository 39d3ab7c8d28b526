/** The demo's system with every way in, on a disk that can be filled and a network that can be cut. */
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DemoSystem, startSystem } from "../../tools/demo/system.ts";
import type { Log } from "../../tools/odoo/progress.ts";
import { SftpServer } from "../bridge_kit/sftp_server.ts";
import { SmallDisk } from "./small_disk.ts";
import { Wire } from "./wire.ts";

/** Simulated seconds per real second. */
const SPEED = 300;
/**
 * The TMS's time begins so long ago that it stays behind ours. What is dated ahead is read again by
 * every poll, for a cursor never passes our clock: a long run would do little else in the end.
 */
const DAYS_PER_KILL = 1 / 20;
const FEWEST_DAYS = 30;
const PLACES = ["in", "archive", "error"] as const;

export interface World {
  system: DemoSystem;
  disk: SmallDisk;
  wires: readonly Wire[];
  /** Where a partner lays files. */
  folder: string;
  sftp: string;
  stop(): Promise<void>;
}

export async function startWorld(seed: string, kills: number, log: Log): Promise<World> {
  const ends: Array<() => Promise<unknown>> = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const disk = await SmallDisk.mount(kills);
    ends.push(() => disk.unmount());
    const partner = await mkdtemp(join(tmpdir(), "milepost-partner-"));
    ends.push(() => rm(partner, { recursive: true, force: true }));
    for (const way of ["folder", "sftp"]) {
      for (const place of PLACES) mkdirSync(join(partner, way, place), { recursive: true });
    }
    const server = await new SftpServer(join(partner, "sftp")).start();
    ends.push(() => server.stop());
    const wires: Wire[] = [];
    const wired = async (url: string) => {
      const relay = await Wire.to(url);
      wires.push(relay.wire);
      return relay.url;
    };
    ends.push(async () => wires.forEach((wire) => wire.close()));
    const connections = fileConnections(join(partner, "folder"), server.port, server.hostKey);
    // The log is written by this process, which must not fail with the bridge's disk.
    const own = { folder: partner, dataDir: disk.folder };
    const bridge = { ...own, connections, store: { min_free_mb: 8 }, wired };
    const database = `t_chaos_${process.pid}`;
    const days = Math.max(FEWEST_DAYS, kills * DAYS_PER_KILL);
    const start = new Date(Date.now() - days * 86_400_000);
    const system = await startSystem({ database, seed, speed: SPEED, start, bridge }, log);
    ends.push(() => system.stop());
    await system.admin("milepost.connection", "create", {
      vals_list: ["folder", "sftp"].map((code) => ({ name: code, code, source: "otm5" })),
    });
    const [folder, sftp] = [join(partner, "folder/in"), join(partner, "sftp/in")];
    return { system, disk, wires, folder, sftp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function fileConnections(folder: string, port: number, hostKey: string): object[] {
  const pace = { pattern: "*.json", interval_seconds: 0.5, settle_seconds: 0.2, claim_seconds: 2 };
  const [from, archive, error] = PLACES.map((place) => join(folder, place));
  const login = { host: "127.0.0.1", port, user: "us", host_keys: [hostKey] };
  const auth = { type: "password", password: "right" };
  const places = { in: "in", archive: "archive", error: "error" };
  return [
    { code: "folder", source: "otm5", folder: { ...pace, in: from, archive, error } },
    { code: "sftp", source: "otm5", sftp: { ...pace, ...login, auth, ...places } },
  ];
}
