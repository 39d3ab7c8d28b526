/** A disk that can be filled without harm to the machine's: a tmpfs of its own, which needs root. */
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../tools/odoo/processes.ts";

const SIZE = "300m";

export class SmallDisk {
  readonly folder: string;
  readonly isMounted: boolean;

  private constructor(folder: string, isMounted: boolean) {
    this.folder = folder;
    this.isMounted = isMounted;
  }

  /** Without the right to mount it is an ordinary folder, and `fill` does nothing. */
  static async mount(): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), "milepost-chaos-"));
    const isMounted = await run("mount", [
      "-t",
      "tmpfs",
      "-o",
      `size=${SIZE}`,
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
