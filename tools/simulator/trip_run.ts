/** Drives one trip from its plan to its end, and lets happen what happens. */
import { type Dispatch, bookingsAt, bookingsOf, habitsOf, type Office } from "./dispatch.ts";
import type { StopTruth } from "./ledger.ts";
import { drawFate, outcomeAt, type Outcome } from "./outcome.ts";
import { deliveryNote, signature } from "./paper.ts";
import { addVisit } from "./planner.ts";
import type { Random } from "./random.ts";
import { scheduleAftermath, reportByMistake } from "./aftermath.ts";
import {
  type Booking,
  driverEntity,
  type Move,
  type Task,
  type Trip,
  vehicleEntity,
  type Visit,
} from "./trip_model.ts";
import { isoOf } from "./world.ts";

const MINUTE = 60_000;
const SIGNERS = ["J. Jansen", "P. Müller", "A. Dubois", "K. Nowak", "S. Rossi", "M. Okafor"];

export class TripRun {
  readonly #office: Office;
  readonly #dispatch: Dispatch;
  readonly #trip: Trip;
  readonly #random: Random;
  /** Minutes that the vehicle is behind its plan. */
  #behind = 0;

  constructor(office: Office, dispatch: Dispatch, trip: Trip) {
    this.#office = office;
    this.#dispatch = dispatch;
    this.#trip = trip;
    this.#random = office.random.fork(trip.id);
  }

  /** Tells the plan and puts the first arrival on the timeline. */
  begin(): void {
    const trip = this.#trip;
    const about = bookingsOf(trip);
    for (const { truth } of about) {
      truth.trip = trip.id;
      truth.vehicle = trip.vehicle.plate;
      truth.driver = trip.driver.name;
    }
    this.#dispatch.trip(trip, true);
    const whole = { associationType: "reference", uuid: trip.id, entityType: "trip" };
    for (const [entity, roles] of [
      [vehicleEntity(trip), undefined],
      [driverEntity(trip), ["driver"]],
    ] as const) {
      const part = { associationType: "inline", entity, ...(roles !== undefined && { roles }) };
      this.#dispatch.event(
        "associationCreatedEvent",
        { lifecycle: "planned", entity1: whole, entity2: part },
        about,
      );
    }
    this.#approach(0);
  }

  /** On the way to a visit: perhaps late, then with a forecast. */
  #approach(index: number): void {
    const visit = this.#trip.visits[index];
    if (visit === undefined) return this.#end();
    if (visit.tasks.length === 0) return this.#skip(index, visit);
    const { habits, timeline } = this.#office;
    if (this.#random.chance(habits.delayed)) {
      this.#behind += this.#random.integer(10, 75);
      visit.delayReason = this.#random.pick(["weather", "mechanical", "carrier_operations"]);
    }
    const arrival = Math.max(
      timeline.now + 5 * MINUTE,
      visit.planned.start + (this.#behind + this.#random.integer(-6, 6)) * MINUTE,
    );
    const forecast = Math.max(
      timeline.now + MINUTE,
      arrival - this.#random.integer(20, 50) * MINUTE,
    );
    if (visit.delayReason !== undefined || this.#random.chance(0.4)) {
      timeline.at(Math.min(forecast, arrival - MINUTE), () => {
        if (visit.tasks.length === 0) return;
        visit.lifecycle = "projected";
        visit.start = arrival;
        visit.end = arrival + (visit.planned.end - visit.planned.start);
        this.#dispatch.visit(this.#trip, visit);
      });
    }
    timeline.at(arrival, () => this.#arrive(index, visit));
  }

  /** A stop where nothing is left to do is not visited. */
  #skip(index: number, visit: Visit): void {
    this.#office.timeline.at(visit.planned.start, () => this.#approach(index + 1));
  }

  #arrive(index: number, visit: Visit): void {
    const { timeline } = this.#office;
    this.#endMove(index - 1);
    // Called off while the vehicle was on its way.
    if (visit.tasks.length === 0) return this.#approach(index + 1);
    visit.lifecycle = "actual";
    visit.start = timeline.now;
    delete visit.delayReason;
    this.#dispatch.visit(this.#trip, visit);
    let at = timeline.now + this.#random.integer(3, 8) * MINUTE;
    for (const task of visit.tasks) {
      if (task.type === "handOver") continue;
      const start = at;
      at += this.#random.integer(4, 14) * MINUTE;
      timeline.at(at, () => this.#work(visit, task, start));
    }
    timeline.at(at + this.#random.integer(3, 12) * MINUTE, () => this.#leave(index, visit));
  }

  async #work(visit: Visit, task: Task, start: number): Promise<void> {
    task.start = start;
    task.end = this.#office.timeline.now;
    task.lifecycle = "realized";
    if (task.type === "load") {
      task.result = { status: "succeeded" };
      return this.#dispatch.task(this.#trip, visit, task);
    }
    const { booking } = task;
    const isSecond = booking.truth.attempts > 0;
    const fate = drawFate(habitsOf(this.#office, booking), booking.random, isSecond);
    const outcome = outcomeAt(task.orderStop, fate, booking.order, booking.random);
    task.result = outcome.result;
    this.#dispatch.task(this.#trip, visit, task);
    if (outcome.outcome === null) {
      booking.truth.attempts += 1;
      addVisit(
        this.#trip,
        visit,
        booking,
        task.orderStop,
        this.#random,
        this.#office.world,
        this.#office.timeline.now,
      );
      return this.#dispatch.trip(this.#trip, true);
    }
    await this.#handOver(visit, task, outcome);
  }

  /** The receiver signs for what was taken, or for having refused it. */
  async #handOver(visit: Visit, unload: Task, outcome: Outcome): Promise<void> {
    const { booking } = unload;
    const handOver = visit.tasks.find(
      (it) => it.type === "handOver" && it.booking === booking && it.orderStop === unload.orderStop,
    );
    const isRefused = outcome.outcome === "refused";
    const signer = isRefused ? undefined : booking.random.pick(SIGNERS);
    const lines = outcome.quantities.map((it) => `${it.outcome}: ${it.quantity} of ${it.goods}`);
    const note = await deliveryNote(`POD ${booking.order.shipment}`, lines, new Date(unload.end));
    const papers =
      signer === undefined
        ? [note]
        : [note, signature(`Signature ${booking.order.shipment}`, booking.random)];
    if (handOver === undefined) return;
    Object.assign(handOver, {
      lifecycle: "realized",
      start: unload.end,
      end: unload.end,
      result: unload.result,
      quantities: outcome.quantities,
      papers,
      ...(signer !== undefined && { signer }),
    });
    this.#dispatch.task(this.#trip, visit, handOver);
    Object.assign(stopTruth(booking, unload), {
      tms_id: visit.id,
      completed: isoOf(unload.end),
      outcome: outcome.outcome,
      quantities: outcome.quantities,
      signer: signer ?? null,
      documents: papers.map(({ name, media_type, sha256, content }) => ({
        name,
        media_type,
        sha256,
        size: content.length,
      })),
    } satisfies Partial<StopTruth>);
    scheduleAftermath(this.#office, this.#dispatch, this.#trip, visit, unload, handOver);
  }

  #leave(index: number, visit: Visit): void {
    visit.lifecycle = "realized";
    visit.end = this.#office.timeline.now;
    this.#dispatch.visit(this.#trip, visit);
    this.#writeTruth(visit);
    for (const booking of bookingsAt(visit)) this.#progress(booking, visit);
    if (index === 0) {
      this.#trip.status = "inTransit";
      this.#dispatch.trip(this.#trip, true);
    }
    if (this.#trip.visits[index + 1] !== undefined) this.#startMove(index, visit);
    this.#approach(index + 1);
  }

  #writeTruth(visit: Visit): void {
    for (const task of visit.tasks) {
      if (task.type === "handOver") continue;
      const truth = stopTruth(task.booking, task);
      const isDone = task.type === "load" || truth.tms_id === visit.id;
      if (!isDone) continue;
      truth.tms_id = visit.id;
      truth.arrived = isoOf(visit.start);
      truth.departed = isoOf(visit.end);
      if (task.type !== "load") continue;
      truth.completed = isoOf(visit.end);
      truth.outcome = "picked_up";
    }
  }

  #progress(booking: Booking, visit: Visit): void {
    const { truth } = booking;
    if (
      booking.status === "confirmed" &&
      visit.tasks.some((it) => it.type === "load" && it.booking === booking)
    ) {
      truth.state = "in_transit";
      this.#dispatch.consignment(booking, "inTransit");
      if (this.#random.chance(this.#office.habits.retracted)) {
        reportByMistake(this.#office, this.#dispatch, this.#trip, booking);
      }
    }
    const deliveries = truth.stops.filter((it) => it.kind === "delivery");
    if (deliveries.some((it) => it.outcome === null)) return;
    const outcomes = new Set(deliveries.map((it) => it.outcome));
    truth.state =
      outcomes.size === 1 ? (deliveries[0]?.outcome as typeof truth.state) : "partially_delivered";
    truth.delivered =
      deliveries
        .map((it) => it.completed ?? "")
        .toSorted()
        .at(-1) ?? null;
    this.#dispatch.consignment(booking, "completed");
    truth.finished = true;
  }

  #startMove(index: number, visit: Visit): void {
    const now = this.#office.timeline.now;
    const next = this.#trip.visits[index + 1] as Visit;
    const move: Move = {
      id: this.#random.uuid(),
      from: index,
      lifecycle: "actual",
      start: now,
      end: next.planned.start,
      modified: "",
    };
    this.#trip.moves.push(move);
    this.#dispatch.move(this.#trip, move);
    const about = bookingsOf(this.#trip).filter((it) => it.status === "inTransit");
    if (about.length === 0) return;
    this.#position("startMovingEvent", visit, about);
    const passed = Math.floor((next.planned.start - now) / 2);
    if (passed > 5 * MINUTE)
      this.#office.timeline.after(passed, () =>
        this.#position("locationUpdateEvent", visit, about),
      );
  }

  #endMove(index: number): void {
    const move = this.#trip.moves.find((it) => it.from === index);
    if (move === undefined) return;
    move.lifecycle = "realized";
    move.end = this.#office.timeline.now;
    this.#dispatch.move(this.#trip, move);
  }

  #position(eventType: string, visit: Visit, about: readonly Booking[]): void {
    const reference = (visit.location["geoReference"] ?? {}) as { lat?: unknown; lon?: unknown };
    const lat = typeof reference.lat === "number" ? reference.lat : 52.1;
    const lon = typeof reference.lon === "number" ? reference.lon : 5.2;
    const spread = () => this.#random.integer(-2000, 2000) / 10_000;
    const geoReference = {
      type: "latLonPointGeoReference",
      lat: lat + spread(),
      lon: lon + spread(),
    };
    const trip = { associationType: "reference", uuid: this.#trip.id, entityType: "trip" };
    const vehicle = { associationType: "inline", entity: vehicleEntity(this.#trip) };
    this.#dispatch.event(eventType, { lifecycle: "actual", trip, vehicle, geoReference }, about);
  }

  #end(): void {
    this.#trip.status = "completed";
    this.#dispatch.trip(this.#trip, true);
  }
}

/** The truth of the order's stop at which the task works. */
function stopTruth(booking: Booking, task: Task): StopTruth {
  const truth = booking.truth.stops.find((it) => it.id === task.orderStop.id);
  if (truth === undefined) throw new Error(`The ledger knows no stop ${task.orderStop.id}`);
  return truth;
}
