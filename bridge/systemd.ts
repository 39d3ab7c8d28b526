/**
 * What systemd is told (`Type=notify`, `WatchdogSec=`): ready, stopping, still working. Nothing
 * outside systemd.
 */
import { execFile } from "node:child_process";

type Environment = Readonly<Record<string, string | undefined>>;

/** As plain arguments: the options of the same meaning are newer than Debian 12. */
export type Notice = "READY=1" | "STOPPING=1" | "WATCHDOG=1";

export function notifySystemd(notice: Notice, environment: Environment): void {
  if (environment["NOTIFY_SOCKET"] === undefined) return;
  // A missing systemd-notify must not stop the bridge; systemd itself says that it heard nothing.
  execFile("systemd-notify", [notice], () => undefined);
}

/**
 * Feeds the watchdog, three times in its time, for as long as the work goes on: a bridge whose
 * event loop hangs cannot, one whose lanes hang does not. Gives the function that ends it.
 */
export function feedWatchdog(isWorking: () => boolean, environment: Environment): () => void {
  const limitMs = Number(environment["WATCHDOG_USEC"] ?? 0) / 1000;
  if (!(limitMs > 0)) return () => undefined;
  const feed = () => {
    if (isWorking()) notifySystemd("WATCHDOG=1", environment);
  };
  const timer = setInterval(feed, limitMs / 3);
  return () => clearInterval(timer);
}
