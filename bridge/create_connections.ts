/** Makes the connections of a configuration: each with its source, its settings and its partner. */
import type { Clock } from "./clock.ts";
import type { Config, Sources } from "./config.ts";
import type { Connection } from "./connection.ts";
import type { Disposers } from "./disposers.ts";
import type { Metrics } from "./metrics.ts";
import { mappedSource } from "./partners/partner.ts";
import type { PartnerBook } from "./partners/partner_book.ts";
import { createPeer } from "./peer/create_peer.ts";

/** Peers that were opened are closed by the `disposers`. */
export async function createConnections(
  config: Config,
  sources: Sources,
  partners: PartnerBook,
  clock: Clock,
  metrics: Metrics,
  disposers: Disposers,
): Promise<Connection[]> {
  const connections: Connection[] = [];
  for (const it of config.connections) {
    const source = sources.get(it.source);
    if (source === undefined) throw new Error(`source ${it.source} is not there`);
    const open = createPeer(it, clock, metrics);
    if (open !== undefined) disposers.push(() => open.close());
    const parts = { code: it.code, config: it, source, peer: open?.peer };
    if (source.id === mappedSource.id) {
      const file = mappedSource.settings.parse(it.settings);
      await partners.add(file);
      const { name } = file.mapping.mapping;
      // Asked for with each message: the version in use may change while the bridge runs.
      connections.push({
        ...parts,
        get settings() {
          return partners.current(name);
        },
      });
    } else connections.push({ ...parts, settings: source.settings.parse(it.settings) });
  }
  return connections;
}
