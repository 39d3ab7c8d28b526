/** A disk that can be filled without harm to the machine's: a tmpfs of its own, which needs root. */
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../tools/odoo/processes.ts";

const EMPTY_MB = 300;
/** What the bridge keeps of the messages between two kills; on a slow machine there are more of them. */
const MB_PER_KILL = 1;

export class SmallDisk {
  readonly folder: string;
  readonly isMounted: boolean;

  private constructor(folder: string, isMounted: boolean) {
    this.folder = folder;
    this.isMounted = isMounted;
  }

  /**
   * Without the right to mount it is an ordinary folder, and `fill` does nothing.
   *
   * @param kills how many it must last for: once it is full of messages the bridge rightly takes no more
   */
  static async mount(kills: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), "milepost-chaos-"));
    const isMounted = await run("mount", [
      "-t",
      "tmpfs",
      "-o",
      `size=${EMPTY_MB + kills * MB_PER_KILL}m`,
      "tmpfs",
      folder,
    ]).then(
      () => true,
      () => false,
    );
    return new SmallDisk(folder, isMounted);
  }

  /** To the last block. */
  fill(): void {
    if (!this.isMounted) return;
    const { bavail, bsize } = statfsSync(this.folder);
    try {
      writeFileSync(this.#ballast, Buffer.alloc(bavail * bsize));
    } catch (error) {
      // The bridge took some of it meanwhile: then it is as full as it should be.
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }

  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  async unmount(): Promise<void> {
    if (this.isMounted) await run("umount", ["-l", this.folder]);
    // Odoo's process has its own view of mounts and may keep the empty folder busy until it ends.
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
  }

  get #ballast(): string {
    return join(this.folder, "ballast");
  }
}
