/** The addon as it was before it became several, and a company that works with it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Odoo, PlainDatabase } from "../../../tools/odoo/odoo.ts";
import { run } from "../../../tools/odoo/processes.ts";

/**
 * The last version with everything in one addon, without its tests, and what fills a company with it.
 * It is kept whole: a clone without history proves the upgrade, too.
 */
const ARCHIVE = join(import.meta.dirname, "milepost-19.0.1.0.0.tar.gz");
/** A module of Odoo for which an addon of today installs itself. */
const GLUED = "stock_picking_batch";
/** Shipments that billing_world.py makes to be copied. */
const ORIGINALS = 20;

type Copies = typeof import("../../bench/billing_copies.ts");

export class OldAddon {
  /** Where it is unpacked; the folder of addons is in it. */
  readonly #folder: string;
  readonly #odoo: Odoo;

  private constructor(folder: string, odoo: Odoo) {
    this.#folder = folder;
    this.#odoo = odoo;
  }

  static async unpack(odoo: Odoo): Promise<OldAddon> {
    const folder = mkdtempSync(join(tmpdir(), "old-addon-"));
    await run("tar", ["-xzf", ARCHIVE, "-C", folder]);
    chmodSync(folder, 0o755); // Odoo reads it as a user of its own
    return new OldAddon(folder, odoo);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A database of a company with so many shipments: told, decided on, invoiced, accrued, booked. */
  async fill(database: PlainDatabase, shipments: number): Promise<void> {
    const modules = `milepost,${GLUED}`;
    await this.#run(database, ["-i", modules, "--stop-after-init", "--no-http"]);
    await this.#script(database, join(import.meta.dirname, "people.py"));
    const world = await this.#script(database, join(this.#folder, "tests/bench/billing_world.py"));
    const { changed } = JSON.parse(/^WORLD (.*)$/m.exec(world)?.[1] ?? "") as Record<
      "changed",
      Record<string, number[]>
    >;
    const copies = (await import(join(this.#folder, "tests/bench/billing_copies.ts"))) as Copies;
    await copies.copyOrders(database, changed, 1, shipments - ORIGINALS);
    await this.#script(database, join(import.meta.dirname, "decide.py"));
  }

  async #script(database: PlainDatabase, file: string): Promise<string> {
    return this.#run(database, ["--no-http"], readFileSync(file, "utf8"));
  }

  /** Runs Odoo with the old addon on its path; with `input` it is the shell. */
  async #run({ database }: PlainDatabase, args: string[], input?: string): Promise<string> {
    return this.#odoo.run([...(input === undefined ? [] : ["shell"]), "-d", database, ...args], {
      addons: join(this.#folder, "odoo_addon"),
      ...(input === undefined ? {} : { input }),
    });
  }
}
