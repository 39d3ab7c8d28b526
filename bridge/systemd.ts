/** Tells systemd that the service is ready or stopping (`Type=notify`); nothing outside systemd. */
import { execFile } from "node:child_process";

export function notifySystemd(
  state: "--ready" | "--stopping",
  environment: Readonly<Record<string, string | undefined>>,
): void {
  if (environment["NOTIFY_SOCKET"] === undefined) return;
  // A missing systemd-notify must not stop the bridge; systemd itself says that it heard nothing.
  execFile("systemd-notify", [state], () => undefined);
}
