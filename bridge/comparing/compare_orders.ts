/**
 * Compares the orders of one connection, page by page, each asked of the partner by itself.
 *
 * Each page is told to Odoo, and kept, before the next one is asked for. An order at fault is named
 * and holds up no other; when the partner himself is at fault the run ends, to go on later.
 */
import { toUtcText } from "../clock.ts";
import type { Connection } from "../connection.ts";
import { askFor } from "./asked_page.ts";
import {
  addFaults,
  type ComparisonRun,
  forgetRun,
  newRun,
  readRun,
  writeRun,
} from "./comparison_run.ts";
import {
  type ComparisonResult,
  type FoundDifference,
  noteShowsOrders,
  showsOrders,
} from "./comparison_state.ts";
import type { ComparisonParts } from "./parts.ts";

type Parts = Pick<ComparisonParts, "api" | "properties" | "clock">;
type Compared = Omit<ComparisonResult, "at">;

/**
 * Begins, or goes on with the run that was cut off. Throws what ended it; what was learned is kept.
 *
 * @param before what the last comparison found, for since when it is
 */
export async function compareOrders(
  connection: Connection,
  parts: Parts,
  before: readonly FoundDifference[],
  signal: AbortSignal,
): Promise<Compared> {
  const { properties } = parts;
  const { code } = connection;
  let run = (await readRun(properties, code)) ?? newRun();
  for (let more = true; more;) {
    const next = await comparePage(connection, parts, run, before, signal);
    ({ run, more } = next);
    if (more) await writeRun(properties, code, run);
    if (next.ended !== undefined) throw next.ended;
  }
  await forgetRun(properties, code);
  const { asked, unsure, unshown, found, faulty, faults } = run;
  const why =
    unshown === 0 ? null : `the partner shows none of ${unshown} orders, nor ever showed one`;
  return { asked, unsure: unsure + unshown, why, found, faulty, faults };
}

/** The run after one page more; `ended` by a fault of the partner, it has more. */
async function comparePage(
  connection: Connection,
  parts: Parts,
  run: ComparisonRun,
  before: readonly FoundDifference[],
  signal: AbortSignal,
): Promise<{ run: ComparisonRun; more: boolean; ended?: unknown }> {
  const { api, properties } = parts;
  const { code } = connection;
  const page = await api.toldOrders(code, run.after, false, signal);
  const asked = await askFor(connection, parts, page, run, signal);
  const knew = await showsOrders(properties, code);
  const shows = knew || asked.isOneShown;
  if (shows && !knew) await noteShowsOrders(properties, code);
  // What he did not show on earlier pages counts now: he does show orders.
  if (shows && run.unshown > 0) return { run: newRun(), more: true };
  // A partner whose interface shows no order at all answers 404 to each: that says nothing.
  const meant = asked.found.filter(({ kind }) => shows || kind !== "missing");
  const silent = asked.found.filter((it) => !meant.includes(it)).map(({ id }) => id);
  const compared = asked.compared.filter((id) => !silent.includes(id));
  const told = meant.filter(({ id }) => compared.includes(id));
  if (compared.length > 0) await api.reportDifferences(code, compared, told, signal);
  const now = toUtcText(parts.clock.now());
  const found = meant.map(({ id, kind, said }) => {
    const known = before.find((it) => it.id === id && it.kind === kind);
    const shipment = page.orders.find((it) => it.id === id)?.shipment ?? "";
    return { id, shipment, kind, said, since: known?.since ?? now };
  });
  const next = {
    ...run,
    after: asked.after,
    in_row: asked.inRow,
    asked: run.asked + asked.count,
    unsure: run.unsure + asked.unsure,
    unshown: run.unshown + silent.length,
    // Of what could not be compared stands what was known.
    found: [...run.found, ...found, ...before.filter(({ id }) => asked.open.has(id))],
  };
  addFaults(next, asked.faults);
  const { ended } = asked;
  return { run: next, more: ended !== undefined || page.next > 0, ended };
}
