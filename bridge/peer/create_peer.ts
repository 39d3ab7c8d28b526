/** The way to a partner that a connection's configuration names. */
import type { Clock } from "../clock.ts";
import type { ConnectionConfig } from "../config.ts";
import type { Metrics } from "../metrics.ts";
import type { Peer } from "../sources/source.ts";
import { FilePeer } from "./file_peer.ts";
import { HttpPeer } from "./http_peer.ts";
import { LocalFiles } from "./local_files.ts";
import { SftpFiles } from "./sftp_files.ts";

export interface OpenPeer {
  peer: Peer;
  close(): Promise<void>;
}

/** Its HTTP API, or its folder or SFTP server for what we send; the configuration allows one. */
export function createPeer(
  config: ConnectionConfig,
  clock: Clock,
  metrics: Metrics,
): OpenPeer | undefined {
  const { code, peer, folder, sftp } = config;
  if (peer !== undefined) {
    const http = new HttpPeer(code, peer, clock, metrics);
    return { peer: http, close: () => http.close() };
  }
  const out = sftp?.out ?? folder?.out;
  if (out === undefined) return undefined;
  const files = sftp?.out === undefined ? new LocalFiles() : new SftpFiles(code, sftp);
  return { peer: new FilePeer(code, files, out, metrics), close: () => files.close() };
}
