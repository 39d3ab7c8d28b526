/** Puts orders on trips: shared pickups first, then the deliveries, with realistic times. */
import type { Booking, Trip, Visit } from "./trip_model.ts";
import type { OrderStop } from "./order_book.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

const MINUTE = 60_000;

const CARRIERS = ["Van der Meer Transport", "Rhein Cargo", "Polder Logistics", "Alpin Spedition"];
const DRIVERS = ["Hank de Vries", "Marta Kowalska", "Joris Peeters", "Ayşe Demir", "Luca Ferri"];

/** The plan for these orders; the first stop is reached an hour or more from now. */
export function planTrip(
  bookings: readonly Booking[],
  number: number,
  random: Random,
  world: World,
  now: number,
): Trip {
  const id = random.uuid();
  const carrier = random.integer(0, CARRIERS.length - 1);
  const visits: Visit[] = [];
  let clock = now + random.integer(60, 120) * MINUTE;
  for (const kind of ["pickup", "delivery"] as const) {
    for (const booking of bookings) {
      for (const orderStop of booking.order.stops.filter((it) => it.kind === kind)) {
        const shared = visits.find((it) => it.placeKey === orderStop.placeKey);
        const visit = shared ?? newVisit(orderStop, visits.length, random, clock);
        if (shared === undefined) {
          visits.push(visit);
          clock = visit.planned.end + random.integer(35, 110) * MINUTE;
        }
        addTasks(visit, booking, orderStop, random);
      }
    }
  }
  for (const visit of visits) stampPlan(visit, world, now);
  return {
    id,
    number: `T-${String(number).padStart(5, "0")}`,
    status: "confirmed",
    carrier: { id: `carrier-${carrier}`, name: CARRIERS[carrier] as string },
    vehicle: { id: random.uuid(), plate: plate(random) },
    driver: { id: random.uuid(), name: random.pick(DRIVERS) },
    visits,
    moves: [],
    modified: world.stamp(id, now),
  };
}

/** A further visit for a delivery that failed, at the end of the trip. */
export function addVisit(
  trip: Trip,
  failed: Visit,
  booking: Booking,
  orderStop: OrderStop,
  random: Random,
  world: World,
  now: number,
): Visit {
  const last = trip.visits.at(-1) ?? failed;
  const start = Math.max(now, last.planned.end) + random.integer(60, 150) * MINUTE;
  const visit = newVisit(orderStop, trip.visits.length, random, start);
  addTasks(visit, booking, orderStop, random);
  stampPlan(visit, world, now);
  trip.visits.push(visit);
  return visit;
}

function stampPlan(visit: Visit, world: World, now: number): void {
  visit.planned.modified = visit.modified = world.stamp(visit.id, now);
  for (const task of visit.tasks) {
    task.planned.modified = task.modified = world.stamp(task.id, now);
  }
}

function newVisit(orderStop: OrderStop, index: number, random: Random, start: number): Visit {
  const whole = Math.ceil(start / MINUTE) * MINUTE;
  const end = whole + random.integer(20, 45) * MINUTE;
  const times = { start: whole, end, modified: "" };
  return {
    id: random.uuid(),
    // Moves are numbered between the stops.
    sequence: index * 2,
    placeKey: orderStop.placeKey,
    location: orderStop.location,
    constraint: orderStop.constraint,
    planned: times,
    lifecycle: "planned",
    ...times,
    tasks: [],
  };
}

function addTasks(visit: Visit, booking: Booking, orderStop: OrderStop, random: Random): void {
  const types =
    orderStop.kind === "pickup" ? (["load"] as const) : (["unload", "handOver"] as const);
  const { start, end } = visit.planned;
  for (const type of types) {
    visit.tasks.push({
      id: random.uuid(),
      type,
      booking,
      orderStop,
      planned: { start, end, modified: "" },
      lifecycle: "planned",
      start,
      end,
      modified: "",
    });
  }
}

function plate(random: Random): string {
  const letters = () => String.fromCharCode(...[0, 0].map(() => random.integer(65, 90)));
  return `${letters()}-${random.integer(10, 99)}-${letters()}`;
}
