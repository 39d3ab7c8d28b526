/** The control tower's board, mounted. */
import { Board } from "../../web/control_tower/board/board.ts";
import { labelsOf } from "../../web/control_tower/labels.ts";
import { mountComponent, type Calls, type MountOptions, type Mounted } from "./mounted.ts";

export interface MountedBoard extends Mounted {
  reads: Calls;
  timelines: Calls;
  /** The customers of a column, from top to bottom. */
  customers(column: string): string[];
}

export async function mountBoard(options: MountOptions = {}): Promise<MountedBoard> {
  const mounted = await mountComponent(Board, { domain: [], labels: labelsOf({}) }, options);
  return {
    ...mounted,
    reads: mounted.calls("control_tower"),
    timelines: mounted.calls("timeline"),
    customers: (column) => mounted.texts(`[data-column=${column}] .o_mp_customer`),
  };
}
