/** A connection as the bridge works with it: its configuration, its source, its partner. */
import type { ConnectionConfig } from "./config.ts";
import type { AnySource, Peer } from "./sources/source.ts";

export interface Connection {
  readonly code: string;
  readonly config: ConnectionConfig;
  readonly source: AnySource;
  /** The source's settings as its own schema gave them, defaults filled in. */
  readonly settings: unknown;
  readonly peer: Peer | undefined;
}
