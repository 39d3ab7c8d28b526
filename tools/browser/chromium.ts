/** A Chromium for tests, benchmarks and screenshots: the machine's own, else Debian's package. */
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { cacheFolder, withLock } from "../odoo/cache.ts";
import { CommandError, run } from "../odoo/processes.ts";
import { progress, type Log } from "../odoo/progress.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ELSEWHERE = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/** Nothing of these is asked for: no sandbox for root, no calls home, nothing beside the page. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

class ChromiumUnavailable extends Error {
  override name = "ChromiumUnavailable";
}

/** The browser, started. Whoever calls it closes it. */
export async function launchChromium(log: Log = progress()): Promise<Browser> {
  const executablePath = await ensureChromium(log);
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * The path of a Chromium or Chrome, which is installed from Debian's packages when there is none.
 * Throws ChromiumUnavailable with the choices when that is impossible.
 */
async function ensureChromium(log: Log = progress()): Promise<string> {
  const named = process.env["MILEPOST_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new ChromiumUnavailable(`MILEPOST_CHROMIUM names ${named}, which cannot be executed`);
  }
  const found = installedChromium();
  if (found !== null) return found;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) throw unavailable("");
  return withLock(join(cacheFolder(), "chromium-install"), log, () => install(log));
}

function installedChromium(): string | null {
  const folders = (process.env["PATH"] ?? "/usr/bin").split(":");
  const places = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...places, ...ELSEWHERE].find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function install(log: Log): Promise<string> {
  const early = installedChromium(); // another run may have installed it while this one waited
  if (early !== null) return early;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // Another use of apt is waited for, not failed on.
  const apt = (...args: string[]) =>
    run("apt-get", ["-o", "DPkg::Lock::Timeout=600", ...args], { env });
  log("installing Chromium from Debian's packages (about a minute)");
  try {
    await apt("update");
    await apt("install", "-y", "--no-install-recommends", "chromium", "fonts-liberation");
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw unavailable(`\nThe installation failed:\n${error.output.slice(-1000)}`);
  }
  const found = installedChromium();
  if (found === null) throw unavailable("\nThe package chromium brought no browser.");
  log("Chromium is installed");
  return found;
}

function unavailable(detail: string): ChromiumUnavailable {
  return new ChromiumUnavailable(
    [
      "No Chromium was found on this machine. Any of these would do:",
      "  1. install Chromium or Google Chrome, so that `chromium` or `google-chrome` is in PATH",
      "  2. name one: MILEPOST_CHROMIUM=/path/to/chrome",
      `  3. run as root on Debian, where it is installed by itself${detail}`,
    ].join("\n"),
  );
}
