/** The control tower's board, mounted. */
import { Board } from "../../web/control_tower/board/board.ts";
import { labelsOf } from "../../web/control_tower/labels.ts";
import { mountComponent, type Calls, type MountOptions, type Mounted } from "./mounted.ts";

export interface MountedBoard extends Mounted {
  reads: Calls;
  timelines: Calls;
  /** What the board wrote into the address, the newest last. */
  addresses: object[];
  /** The customers of a column, from top to bottom. */
  customers(column: string): string[];
}

export async function mountBoard(
  options: MountOptions & { openId?: number } = {},
): Promise<MountedBoard> {
  const addresses: object[] = [];
  const props = {
    domain: [],
    labels: labelsOf({}),
    updateActionState: (values: object) => addresses.push(values),
    ...(options.openId === undefined ? {} : { openId: options.openId }),
  };
  const mounted = await mountComponent(Board, props, options);
  return {
    ...mounted,
    addresses,
    reads: mounted.calls("control_tower"),
    timelines: mounted.calls("timeline"),
    customers: (column) => mounted.texts(`[data-column=${column}] .o_mp_customer`),
  };
}
