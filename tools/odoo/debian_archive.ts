/** Where Debian's packages come from: the archive that this machine's own apt is configured with. */
import { readFileSync } from "node:fs";
import { run } from "./processes.ts";

export interface DebianArchive {
  /** URI of an archive that has Debian 13. */
  stable: string;
  /** URI of an archive that has unstable; another one only where apt is configured with two. */
  unstable: string;
  /** apt's own settings of proxies, as lines of apt.conf. */
  proxies: string;
}

/** One repository as apt knows it after `apt-get update`. */
interface Repository {
  codename: string;
  suite: string;
  uri: string;
}

const FIELDS = ["ORIGIN", "LABEL", "COMPONENT", "CODENAME", "SUITE", "REPO_URI"];
const FORMAT = FIELDS.map((name) => `$(${name})`).join("\t");

export const NO_ARCHIVE =
  "apt on this machine is configured with no Debian archive: name one that has Debian 13 and unstable " +
  "in /etc/apt/sources.list.d, and `apt-get update` must read it";

/** The archive, or null when apt has none (`NO_ARCHIVE` says what to do). Reads apt's lists anew when there are none. */
export async function debianArchive(): Promise<DebianArchive | null> {
  const found = chosen(await indexTargets());
  if (found === null) await run("apt-get", ["update"]);
  const archive = found ?? chosen(await indexTargets());
  return archive === null ? null : { ...archive, proxies: await proxies() };
}

function indexTargets(): Promise<string> {
  return run("apt-get", ["indextargets", "--format", FORMAT, "Created-By: Packages"]);
}

/**
 * A Debian archive has every suite, so that the one of another suite does where apt is not
 * configured with the wanted one itself.
 *
 * @param targets lines of `apt-get indextargets` in the order of FIELDS
 */
export function chosen(targets: string): Omit<DebianArchive, "proxies"> | null {
  const repositories = targets.split("\n").flatMap((line): Repository[] => {
    const [origin, label, component, codename = "", suite = "", uri = ""] = line.split("\t");
    const isDebian = origin === "Debian" && label === "Debian" && component === "main";
    return isDebian ? [{ codename, suite, uri: uri.replace(/\/$/, "") }] : [];
  });
  const [any] = repositories;
  if (any === undefined) return null;
  const stable = repositories.find((it) => it.codename === "trixie") ?? any;
  const unstable = repositories.find((it) => it.suite === "unstable") ?? stable;
  return { stable: direct(stable.uri), unstable: direct(unstable.uri) };
}

/** apt's `mirror+file:` names a list of archives; debootstrap needs the first of them itself. */
function direct(uri: string): string {
  const list = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  if (list === undefined) return uri;
  const lines = readFileSync(list, "utf8").split("\n");
  const first = lines.find((line) => /^\w+:/.test(line)) ?? "";
  return (first.split(/\s/)[0] ?? "").replace(/\/$/, "");
}

async function proxies(): Promise<string> {
  const lines = (await run("apt-config", ["dump"])).split("\n");
  return lines.filter((line) => /^Acquire::https?::Proxy\b/.test(line)).join("\n");
}

/** What debootstrap, which does not read apt's settings, takes from its environment. */
export function proxyVariables(settings: string): Record<string, string> {
  const found = [...settings.matchAll(/^Acquire::(https?)::Proxy "([^"]+)";$/gm)];
  return Object.fromEntries(found.map(([, scheme, proxy]) => [`${scheme}_proxy`, proxy ?? ""]));
}
