/** The running bridge, asked over its socket. */
import { join } from "node:path";
import { Agent, request } from "undici";
import type { Status } from "../admin/status_type.ts";
import type { Config } from "../config.ts";

const ASK_MS = 1000;

/** The status of the bridge behind the socket; undefined when none answers. */
export async function askBridge(config: Config): Promise<Status | undefined> {
  const socketPath = config.admin.socket ?? join(config.data_dir, "admin.sock");
  const dispatcher = new Agent({ connect: { socketPath } });
  try {
    const signal = AbortSignal.timeout(ASK_MS);
    const answer = await request("http://localhost/status", { dispatcher, signal });
    return answer.statusCode === 200 ? ((await answer.body.json()) as Status) : undefined;
  } catch {
    return undefined;
  } finally {
    await dispatcher.destroy();
  }
}
