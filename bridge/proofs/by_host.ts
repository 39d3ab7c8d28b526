/** Links of one round: a few at once, and fewer of one host. */
import type { ProofLinkRow } from "../store/proof_links.ts";

const AT_ONCE = 4;
const OF_A_HOST = 2;

/** Does the work for each row, in its order within a host; `work` never rejects. */
export async function byHost(
  rows: readonly ProofLinkRow[],
  work: (row: ProofLinkRow) => Promise<void>,
): Promise<void> {
  const hosts = Map.groupBy(rows, hostOf);
  // One turn of each host before the second of any: a slow one takes no more than its own.
  const turns = Array.from({ length: OF_A_HOST }, () => [...hosts.values()]).flat();
  const take = async (): Promise<void> => {
    for (let host = turns.shift(); host !== undefined; host = turns.shift()) {
      for (let row = host.shift(); row !== undefined; row = host.shift()) await work(row);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, take));
}

function hostOf({ link: { url } }: ProofLinkRow): string {
  return URL.canParse(url) ? new URL(url).host : "";
}
