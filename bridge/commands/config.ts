/** `milepost config check | systemd`: the configuration, and what systemd must allow for it. */
import type { Command } from "commander";
import { type Config, effectiveConfig } from "../config.ts";
import type { CommandKit } from "./command_kit.ts";

/** What the unit lets the bridge write already. */
const ALLOWED = ["/var/lib/milepost", "/srv/edi"];

export function addConfigCommands(
  program: Command,
  kit: CommandKit & { configNow(): Config },
): void {
  const config = program.command("config").description("the configuration");

  config
    .command("check")
    .description("check it and print what takes effect, secrets masked")
    .action(() => kit.print(effectiveConfig(kit.configNow()), (it) => JSON.stringify(it, null, 2)));

  config
    .command("systemd")
    .description("print the drop-in that lets the unit write what the configuration names")
    .action(() => kit.print({ paths: writtenPaths(kit.config()) }, dropIn));
}

/**
 * Places outside of what the unit allows: another data_dir, and of a partner's folders the one that
 * holds them all. Each path is a mount of its own for the unit, and a file that was taken is renamed
 * into the archive: that works inside of one mount alone.
 */
function writtenPaths({ data_dir, connections }: Config): string[] {
  const folders = connections.flatMap(({ folder }) => {
    const moved = [folder?.in, folder?.archive, folder?.error].filter((it) => it !== undefined);
    const holder = moved.length === 0 ? undefined : commonParent(moved);
    return [...(holder === undefined ? moved : [holder]), folder?.out];
  });
  const places = [data_dir, ...folders].filter((it) => it !== undefined);
  const isAllowed = (place: string) =>
    ALLOWED.some((it) => place === it || place.startsWith(`${it}/`));
  return [...new Set(places.filter((it) => !isAllowed(it)))].toSorted();
}

/** The deepest folder that holds all; undefined when that is the root. */
function commonParent(paths: readonly string[]): string | undefined {
  const [first = [], ...others] = paths.map((it) => it.split("/"));
  const depth = first.findIndex((part, at) => others.some((it) => it[at] !== part));
  const shared = first.slice(0, depth === -1 ? first.length : depth).join("/");
  return shared === "" ? undefined : shared;
}

function dropIn({ paths }: { paths: readonly string[] }): string {
  const head = "# /etc/systemd/system/milepost.service.d/folders.conf";
  if (paths.length === 0) return `${head}\n# nothing is needed: the unit allows all that is named`;
  // Mounted shares may come and go: a missing one must not keep the bridge from starting.
  return `${head}\n[Service]\n${paths.map((it) => `ReadWritePaths=-${it}`).join("\n")}`;
}
