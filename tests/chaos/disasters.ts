/** What happens beside the kills: each in its turn, with the bridge at work. */
import type { Log } from "../../tools/odoo/progress.ts";
import type { World } from "./world.ts";

const DISASTERS = ["odoo", "database", "disk", "network"] as const;
export type Disaster = (typeof DISASTERS)[number];
/** After every so many kills something else goes wrong. */
export const KILLS_PER_DISASTER = 5;
const LASTS_MS = 2000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export class Disasters {
  /** How often each came. */
  readonly counts: Record<Disaster, number> = { odoo: 0, database: 0, disk: 0, network: 0 };
  readonly #world: World;
  readonly #log: Log;
  #next = 0;

  constructor(world: World, log: Log) {
    this.#world = world;
    this.#log = log;
  }

  /** Has the next one come; resolves when it is over. */
  async next(): Promise<void> {
    const disaster = DISASTERS[this.#next++ % DISASTERS.length] ?? "odoo";
    const { system, disk, wires } = this.#world;
    if (disaster === "disk" && !disk.isMounted) return;
    this.#log(`disaster: ${disaster}`);
    this.counts[disaster]++;
    if (disaster === "odoo") await system.server.crash("server");
    else if (disaster === "database") await system.server.crash("database");
    else if (disaster === "disk") {
      disk.fill();
      await pause(LASTS_MS);
      disk.free();
    } else {
      for (const wire of wires) wire.cut();
      await pause(LASTS_MS);
      for (const wire of wires) wire.mend();
    }
  }
}
