/** When an event happened, or is to happen, by the qualifiers of its DTM (2005, D.96A to D.07B). */
import type { Instant } from "../../canonical/values.ts";
import type { UnkeyedMilestone } from "../shared/reading/reading.ts";
import type { Status } from "./codes.ts";
import type { StatusGroup } from "./status_group.ts";
import type { MessageContext } from "./message_context.ts";
import { type Dtm, readDtms } from "./times.ts";

export interface EventTime {
  occurred: Instant;
  classifier: UnkeyedMilestone["classifier"];
  /** False when the event names no time and its message's was taken. */
  dated: boolean;
}

/** Status change, actual event, then the events by name; 7 is the effective date. */
const ACTUAL = ["334", "78", "35", "200", "143", "178", "186", "310", "50", "7"];

/** What a forecast says; its place tells where. Planned are timetables, estimated is news. */
export const FORECASTS: Readonly<
  Record<
    string,
    Pick<UnkeyedMilestone, "classifier"> & { code: "eta_updated" | "departed_terminal" }
  >
> = {
  132: { code: "eta_updated", classifier: "estimated" },
  17: { code: "eta_updated", classifier: "estimated" },
  191: { code: "eta_updated", classifier: "estimated" },
  133: { code: "departed_terminal", classifier: "estimated" },
  232: { code: "eta_updated", classifier: "planned" },
  189: { code: "departed_terminal", classifier: "planned" },
};
/** Dates of papers beside an event, which say nothing of it. */
const OF_PAPERS = new Set(["137", "171", "182"]);

export const isForecast = ({ qualifier }: Dtm): boolean => Object.hasOwn(FORECASTS, qualifier);

/** The time of an event with its status; nothing when it names one that is none. */
export function eventTime(
  context: MessageContext,
  status: Status | undefined,
  { sts, own }: StatusGroup,
  zone: string | undefined,
): EventTime | undefined {
  const dtms = readDtms(own);
  sayUnreadTimes(context, dtms);
  const qualifier = qualifiersFor(status).find((it) => dtms.some((dtm) => dtm.qualifier === it));
  const actual = dtms.find((it) => it.qualifier === qualifier);
  if (actual !== undefined) {
    const occurred = context.instant(actual, zone);
    return occurred && { occurred, classifier: "actual", dated: true };
  }
  const forecast = dtms.find(isForecast);
  if (forecast !== undefined) {
    const occurred = context.instant(forecast, zone);
    const { classifier = "estimated" } = FORECASTS[forecast.qualifier] ?? {};
    return occurred && { occurred, classifier, dated: true };
  }
  return { occurred: context.dayOfMessage(sts), classifier: "actual", dated: false };
}

/** The particular time of a status wins over the time at which somebody noted it. */
function qualifiersFor(status: Status | undefined): string[] {
  const code = status?.code ?? "";
  if (code.startsWith("arrived")) return ["178", ...ACTUAL];
  if (code.startsWith("departed")) return ["186", ...ACTUAL];
  if (code === "picked_up") return ["200", ...ACTUAL];
  return code === "delivered" || code === "partially_delivered" ? ["35", ...ACTUAL] : ACTUAL;
}

function sayUnreadTimes(context: MessageContext, dtms: readonly Dtm[]): void {
  for (const dtm of dtms) {
    const { qualifier, value, segment } = dtm;
    if (ACTUAL.includes(qualifier) || isForecast(dtm) || OF_PAPERS.has(qualifier)) continue;
    const text = `the time ${qualifier} "${value}" of an event is not read`;
    context.finding("warning", "time_not_read", text, segment, 1);
  }
}
