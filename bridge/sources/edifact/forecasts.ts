/** Forecasts beside an event, and what the legs of its voyage (TDT) say of their places. */
import type { Identifier } from "../../canonical/identifiers.ts";
import { defined, type UnkeyedMilestone } from "../shared/reading/reading.ts";
import { stopKindOf } from "./codes.ts";
import { FORECASTS, isForecast } from "./event_time.ts";
import type { StatusGroup } from "./status_group.ts";
import type { MessageContext } from "./message_context.ts";
import { type Located, readLoc } from "./places.ts";
import { sayMilestone } from "./said_event.ts";
import type { Segment } from "./segments.ts";
import { type Dtm, readDtms } from "./times.ts";

type Says = Pick<UnkeyedMilestone, "code" | "classifier">;

/** What a DTM of a leg says of its LOC: forecasts, and port calls that have happened. */
const LEG_TIMES: Readonly<Record<string, Says>> = {
  ...FORECASTS,
  178: { code: "arrived_terminal", classifier: "actual" },
  186: { code: "departed_terminal", classifier: "actual" },
};

export function addForecasts(
  context: MessageContext,
  { own, legs }: StatusGroup,
  identifiers: Identifier[],
  where: Located | undefined,
  lane: string,
): void {
  const add = (dtm: Dtm, place: Located | undefined) => {
    const says = Object.hasOwn(LEG_TIMES, dtm.qualifier) ? LEG_TIMES[dtm.qualifier] : undefined;
    if (says === undefined) return;
    const occurred = context.instant(dtm, place?.zone);
    if (occurred === undefined) return;
    const stop = stopKindOf(place?.qualifier);
    const arrived = says.code === "arrived_terminal" && stop === "delivery";
    const milestone = defined({
      kind: "milestone" as const,
      message_path: context.path(dtm.segment),
      identifiers,
      applies_to: "one" as const,
      recorded_at: context.recordedAt,
      code: arrived ? ("arrived_delivery" as const) : says.code,
      classifier: says.classifier,
      occurred,
      stop: stop === "terminal" ? undefined : { kind: stop },
      place: place?.place,
      raw_code: `DTM+${dtm.qualifier}`,
    });
    sayMilestone(context, milestone, lane);
  };
  // The event itself may carry the arrival that it changes; alone it is the event's own time.
  const beside = readDtms(own);
  if (beside.some((it) => !isForecast(it))) {
    const arrivals = beside.filter((it) => isForecast(it) && codeOf(it) === "eta_updated");
    for (const dtm of arrivals) add(dtm, where);
  }
  for (const { place, segments } of legPlaces(legs)) {
    for (const dtm of readDtms(segments)) add(dtm, place);
  }
}

const codeOf = (dtm: Dtm) => FORECASTS[dtm.qualifier]?.code;

/** The segments of each place of each leg; those of the leg itself have no place. */
function legPlaces(legs: readonly Segment[]) {
  const places: Array<{ place: Located | undefined; segments: Segment[] }> = [];
  for (const segment of legs) {
    if (segment.tag === "TDT") places.push({ place: undefined, segments: [] });
    else if (segment.tag === "LOC") places.push({ place: readLoc(segment), segments: [] });
    else places.at(-1)?.segments.push(segment);
  }
  return places;
}
