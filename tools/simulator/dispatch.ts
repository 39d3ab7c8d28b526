/** The TMS at work: keeps its entities, pushes what changes, and writes the truth down. */
import { Ledger, type MessageCounts } from "./ledger.ts";
import { type Habits, SPARED } from "./options.ts";
import type { Outlet } from "./outlet.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";
import {
  type Booking,
  consignmentEntity,
  moveEntity,
  type Move,
  orderEntity,
  type Task,
  taskEntity,
  type Trip,
  tripEntity,
  type Visit,
  visitEntity,
} from "./trip_model.ts";
import { type Entity, isoOf, type World } from "./world.ts";

export interface Office {
  timeline: Timeline;
  world: World;
  outlet: Outlet;
  ledger: Ledger;
  habits: Habits;
  /** Numbers of shipments that come to a good end. */
  spared: Set<string>;
  random: Random;
}

/** What may befall an order. */
export function habitsOf({ habits, spared }: Office, { order }: Booking): Habits {
  return spared.has(order.shipment) ? { ...habits, ...SPARED } : habits;
}

/** Stores and tells changes; each is stored first, so that a poll never knows less than a push. */
export class Dispatch {
  readonly #office: Office;

  constructor(office: Office) {
    this.#office = office;
  }

  stamp(id: string): string {
    return this.#office.world.stamp(id, this.#office.timeline.now);
  }

  consignment(booking: Booking, status: Booking["status"]): void {
    booking.status = status;
    const { world } = this.#office;
    world.put("transportOrders", orderEntity(booking, this.stamp(booking.tmsId)));
    this.#tell("consignments", consignmentEntity(booking, this.stamp(booking.consignmentId)), [
      booking,
    ]);
  }

  /** The whole trip; `isPushed` false only refreshes what polls show. */
  trip(trip: Trip, isPushed: boolean): void {
    trip.modified = this.stamp(trip.id);
    const entity = tripEntity(trip);
    if (isPushed) this.#tell("trips", entity, bookingsOf(trip));
    else this.#office.world.put("trips", entity);
  }

  visit(trip: Trip, visit: Visit): void {
    visit.modified = this.stamp(visit.id);
    this.#change(visitEntity(trip, visit, "alone"), bookingsAt(visit));
    this.trip(trip, false);
  }

  task(trip: Trip, visit: Visit, task: Task): void {
    task.modified = this.stamp(task.id);
    this.#change(taskEntity(task, false, visit), [task.booking]);
    this.trip(trip, false);
  }

  move(trip: Trip, move: Move): void {
    move.modified = this.stamp(move.id);
    this.#change(moveEntity(trip, move), bookingsOf(trip));
    this.trip(trip, false);
  }

  /** An event, which is told once and never changes. */
  event(eventType: string, members: object, about: readonly Booking[]): void {
    const id = this.#office.random.uuid();
    const at = isoOf(this.#office.timeline.now);
    const event: Entity = {
      id,
      creationDate: at,
      lastModified: this.stamp(id),
      eventType,
      ...members,
    };
    this.#tell("events", event, about);
  }

  /** A changed action: as itself, or as an update of what was told before. */
  #change(action: Entity, about: readonly Booking[]): void {
    this.#office.world.put("actions", action);
    if (this.#office.random.chance(0.5)) this.#push(action, about);
    else {
      const { lastModified } = action;
      const id = this.#office.random.uuid();
      this.#push(
        { eventType: "updateEvent", id, creationDate: lastModified, entity: action },
        about,
      );
    }
  }

  #tell(
    collection: "consignments" | "trips" | "events",
    entity: Entity,
    about: readonly Booking[],
  ): void {
    this.#office.world.put(collection, entity);
    this.#push(entity, about);
  }

  #push(message: object, about: readonly Booking[]): void {
    const counts: MessageCounts[] = about.map((it) => it.truth.messages);
    this.#office.outlet.emit(message, counts);
  }
}

export function bookingsOf(trip: Trip): Booking[] {
  return [...new Set(trip.visits.flatMap((visit) => visit.tasks.map((it) => it.booking)))];
}

export function bookingsAt(visit: Visit): Booking[] {
  return [...new Set(visit.tasks.map((it) => it.booking))];
}
