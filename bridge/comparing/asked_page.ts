/** Asks the partner for the orders of one page; one at fault is named and holds up no other. */
import type { OrderDifference, OrderFault, ToldOrders } from "../canonical/told_order.ts";
import type { Connection } from "../connection.ts";
import { errorText, MilepostError } from "../errors.ts";
import type { ComparisonRun } from "./comparison_run.ts";
import { differenceIn, shownOf } from "./one_order.ts";
import type { ComparisonParts } from "./parts.ts";

/** So many orders in a row that end in a fault which may pass are the partner's fault. */
const MOST_IN_ROW = 3;

/** What became of the orders of a page. */
export interface AskedPage {
  count: number;
  /** Without those that somebody wants looked at: of these the look reports. */
  compared: number[];
  found: OrderDifference[];
  /** Those of which nothing was learned. */
  open: Set<number>;
  unsure: number;
  faults: OrderFault[];
  /** Whether the partner showed one. */
  isOneShown: boolean;
  /** Where the next page begins; 0 when there is none. */
  after: number;
  /** How many of the last ones ended in a fault that may pass. */
  inRow: number;
  /** What ended it before its end: no fault of an order. */
  ended?: unknown;
}

/** @param run how far it is */
export async function askFor(
  connection: Connection,
  parts: Pick<ComparisonParts, "api" | "clock">,
  { orders, faults, next }: ToldOrders,
  run: Pick<ComparisonRun, "after" | "in_row">,
  signal: AbortSignal,
): Promise<AskedPage> {
  const page: AskedPage = {
    ...{ count: 0, compared: [], found: [], open: new Set(), unsure: 0 },
    ...{ faults: [...faults], isOneShown: false, after: next, inRow: run.in_row },
  };
  let last = run.after;
  for (const order of orders) {
    const { id, shipment } = order;
    signal.throwIfAborted();
    try {
      const shown = await shownOf(connection, order, signal);
      page.isOneShown ||= shown.standing === "there";
      const difference = await differenceIn(connection, parts, order, shown, signal);
      if (shown.standing === "unsure") {
        page.unsure += 1;
        page.open.add(id);
      } else if (!order.look) page.compared.push(id);
      if (difference !== undefined) page.found.push(difference);
      page.inRow = 0;
    } catch (error) {
      if (signal.aborted) throw error;
      if (isOfTheWay(error)) return cut(page, last, error);
      page.faults.push({ id, shipment, why: errorText(error) });
      page.open.add(id);
      page.inRow = mayPass(error) ? page.inRow + 1 : 0;
    }
    page.count += 1;
    last = id;
    // The run goes on behind them, so that none of them stops it for good.
    if (page.inRow === MOST_IN_ROW) {
      return { ...cut(page, last, new Error(page.faults.at(-1)?.why)), inRow: 0 };
    }
  }
  return page;
}

function cut(page: AskedPage, after: number, ended: unknown): AskedPage {
  const faults = page.faults.filter(({ id }) => id <= after);
  return { ...page, faults, after, ended };
}

/** Every other order would end in it, too. */
function isOfTheWay(error: unknown): boolean {
  return (
    error instanceof MilepostError && (error.retry === "pause" || error.code === "peer_unreachable")
  );
}

function mayPass(error: unknown): boolean {
  return error instanceof MilepostError && error.retry === "later";
}
