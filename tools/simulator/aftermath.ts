/** What is set right afterwards: times and counts corrected, false reports withdrawn. */
import { type Dispatch, habitsOf, type Office } from "./dispatch.ts";
import type { StopTruth } from "./ledger.ts";
import { type Outcome } from "./outcome.ts";
import type { Booking, Task, Trip, Visit } from "./trip_model.ts";
import { isoOf } from "./world.ts";

const MINUTE = 60_000;

/** Perhaps corrects the delivery an hour or more later. */
export function scheduleAftermath(
  office: Office,
  dispatch: Dispatch,
  trip: Trip,
  visit: Visit,
  unload: Task,
  handOver: Task,
): void {
  const { timeline } = office;
  const { random, truth } = unload.booking;
  const habits = habitsOf(office, unload.booking);
  const stop = truth.stops.find((it) => it.id === unload.orderStop.id);
  if (stop === undefined) return;
  if (random.chance(habits.corrected)) {
    timeline.after(random.integer(60, 180) * MINUTE, () => {
      // The clock of the hand-held was slow; the unload ended earlier, but after its start.
      const shift = Math.min(random.integer(1, 6) * MINUTE, unload.end - unload.start);
      unload.end -= shift;
      handOver.start = handOver.end = unload.end;
      truth.messages.corrections += 1;
      dispatch.task(trip, visit, unload);
      dispatch.task(trip, visit, handOver);
      remember(stop);
      stop.completed = isoOf(unload.end);
      const completed = truth.stops
        .filter((it) => it.kind === "delivery")
        .map((it) => it.completed ?? "");
      truth.delivered = completed.toSorted().at(-1) ?? null;
    });
  }
  if (stop.outcome === "delivered" && random.chance(habits.recounted)) {
    timeline.after(random.integer(60, 240) * MINUTE, () => {
      remember(stop);
      recount(handOver, unload, stop);
      truth.messages.corrections += 1;
      if (truth.state === "delivered") truth.state = "partially_delivered";
      dispatch.task(trip, visit, unload);
      dispatch.task(trip, visit, handOver);
    });
  }
}

function remember(stop: StopTruth): void {
  const { completed, outcome, quantities } = stop;
  stop.earlier.push({ completed, outcome, quantities });
}

/** All of the first line turns out to be damaged: the delivery was not complete after all. */
function recount(handOver: Task, unload: Task, stop: StopTruth): void {
  const quantities = stop.quantities.map((it, index) =>
    index === 0 ? { ...it, outcome: "accepted_damaged" as const } : it,
  );
  const outcome: Outcome["outcome"] = "partially_delivered";
  const result = { status: "partiallySucceeded", reason: "damage" } as const;
  handOver.quantities = quantities;
  handOver.result = unload.result = result;
  stop.quantities = quantities;
  stop.outcome = outcome;
}

/**
 * Somebody reports the consignment as delivered while it is on the road; half an hour later the
 * report is taken out of the trip again.
 */
export function reportByMistake(
  office: Office,
  dispatch: Dispatch,
  trip: Trip,
  booking: Booking,
): void {
  const { timeline, random } = office;
  const id = random.uuid();
  const consignment = {
    associationType: "reference",
    uuid: booking.consignmentId,
    entityType: "consignment",
  };
  const visit = trip.visits.find((it) =>
    it.tasks.some((task) => task.type === "unload" && task.booking === booking),
  );
  if (visit === undefined) return;
  const unload = {
    entityType: "unload",
    actionType: "unload",
    id,
    lastModified: isoOf(timeline.now),
    lifecycle: "realized",
    startTime: isoOf(timeline.now - 5 * MINUTE),
    endTime: isoOf(timeline.now),
    result: { status: "succeeded" },
    consignment,
  };
  const stop = { associationType: "reference", uuid: visit.id, entityType: "stop" };
  const associated = { entity1: stop, entity2: { associationType: "inline", entity: unload } };
  booking.truth.messages.retractions += 1;
  dispatch.event("associationCreatedEvent", { lifecycle: "realized", ...associated }, [booking]);
  timeline.after(30 * MINUTE, () => {
    dispatch.event("associationRemovedEvent", { lifecycle: "realized", ...associated }, [booking]);
  });
}
