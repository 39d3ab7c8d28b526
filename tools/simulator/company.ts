/** The TMS's company: takes orders, puts them on trips, sends the trips out. */
import { Dispatch, type Office } from "./dispatch.ts";
import { noMessages, type OrderTruth } from "./ledger.ts";
import { changedOrder, type OrderedTransport, type OrderFault, readOrder } from "./order_book.ts";
import { readOutcome } from "./outcome_book.ts";
import { planTrip } from "./planner.ts";
import { type Booking, orderEntity, type Trip } from "./trip_model.ts";
import { TripRun } from "./trip_run.ts";
import type { Entity } from "./world.ts";

const MINUTE = 60_000;
/** Orders that come within this time may share a trip. */
const PLANNING_MS = 15 * MINUTE;

export type Answer = { entity: Entity } | { faults: OrderFault[] };

/** What becomes of a change or a cancellation: it is done, comes too late, or nobody knows the order. */
export type Amendment = "done" | "too_late" | "unknown" | { faults: OrderFault[] };

export class Company {
  readonly #office: Office;
  readonly #dispatch: Dispatch;
  readonly #perTrip: number;
  readonly #bookings = new Map<string, Booking>();
  readonly #byKey = new Map<string, string>();
  /** Ids of the events that were heard. */
  readonly #heard = new Set<string>();
  readonly #byTrip = new Map<Booking, Trip>();
  readonly #taken = new Set<string>();
  #waiting: Booking[] = [];
  #isPlanning = false;
  #trips = 0;

  constructor(office: Office, perTrip: number) {
    this.#office = office;
    this.#dispatch = new Dispatch(office);
    this.#perTrip = perTrip;
  }

  /** Takes an order. The same id or the same key again is the same order, and gives the same answer. */
  take(body: unknown, key: string | undefined): Answer {
    const order = readOrder(body);
    if ("faults" in order) return order;
    const known = this.#bookings.get(
      (key === undefined ? undefined : this.#byKey.get(key)) ?? order.id,
    );
    if (known !== undefined) {
      known.truth.received += 1;
      return { entity: this.#office.world.get("transportOrders", known.tmsId) as Entity };
    }
    const booking = this.#book(order);
    if (key !== undefined) this.#byKey.set(key, order.id);
    this.#bookings.set(order.id, booking);
    this.#office.timeline.after(MINUTE, () => {
      if (booking.status === "confirmed") this.#dispatch.consignment(booking, "confirmed");
    });
    this.#enqueue(booking);
    const entity = orderEntity(booking, this.#dispatch.stamp(booking.tmsId));
    this.#office.world.put("transportOrders", entity);
    return { entity };
  }

  /** Writes down what became of the money; the same event again says nothing new. */
  hear(body: unknown): OrderFault[] {
    const told = readOutcome(body);
    if ("faults" in told) return told.faults;
    const booking = this.#bookings.get(told.order);
    if (booking === undefined) {
      return [{ type: "invalidField", field: "entity.id", message: `no order ${told.order}` }];
    }
    if (!this.#heard.has(told.event)) booking.truth.outcomes.push(told.outcome);
    this.#heard.add(told.event);
    return [];
  }

  /** Takes an event about an order: its change. The same event again is the same change. */
  change(event: unknown): Amendment {
    const changed = changedOrder(event);
    if ("faults" in changed) return changed;
    const { order, id } = changed;
    const booking = this.#bookings.get(order.id);
    if (booking === undefined) return "unknown";
    if (this.#taken.has(id)) return "done";
    if (this.#isUnderWay(booking)) return "too_late";
    this.#taken.add(id);
    booking.order = order;
    booking.truth.goods = goodsTruth(order);
    booking.truth.changes += 1;
    const entity = orderEntity(booking, this.#dispatch.stamp(booking.tmsId));
    this.#office.world.put("transportOrders", entity);
    return "done";
  }

  /** Calls an order off at its sender's word. */
  cancel(orderId: string): Amendment {
    const booking = this.#bookings.get(orderId);
    if (booking === undefined) return "unknown";
    if (booking.status === "cancelled") return "done";
    if (this.#isUnderWay(booking)) return "too_late";
    booking.truth.called_off = true;
    this.#waiting = this.#waiting.filter((it) => it !== booking);
    this.#callOff(booking, this.#byTrip.get(booking));
    return "done";
  }

  /** The vehicle has come for it, or it was called off. */
  #isUnderWay(booking: Booking): boolean {
    const visits = this.#byTrip.get(booking)?.visits ?? [];
    const own = visits.filter((visit) => visit.tasks.some((it) => it.booking === booking));
    const hasCome = own.some(({ lifecycle }) => !["planned", "projected"].includes(lifecycle));
    return booking.status !== "confirmed" || hasCome;
  }

  #book(order: OrderedTransport): Booking {
    const random = this.#office.random.fork(order.id);
    const tmsId = random.uuid();
    const consignmentId = random.uuid();
    const number = `TO-${String(this.#bookings.size + 1).padStart(6, "0")}`;
    const truth: OrderTruth = {
      order: order.id,
      shipment: order.shipment,
      tms_order: tmsId,
      order_number: number,
      consignment: order.consignmentId,
      tms_consignment: consignmentId,
      trip: null,
      received: 1,
      changes: 0,
      called_off: false,
      state: "booked",
      finished: false,
      attempts: 0,
      delivered: null,
      vehicle: null,
      driver: null,
      goods: goodsTruth(order),
      stops: order.stops.map(({ id, kind }) => ({
        id,
        tms_id: null,
        kind,
        arrived: null,
        departed: null,
        completed: null,
        outcome: null,
        quantities: [],
        signer: null,
        documents: [],
        earlier: [],
      })),
      messages: noMessages(),
      outcomes: [],
    };
    this.#office.ledger.open(truth);
    return { order, tmsId, number, consignmentId, truth, random, status: "confirmed" };
  }

  #enqueue(booking: Booking): void {
    this.#waiting.push(booking);
    if (this.#isPlanning) return;
    this.#isPlanning = true;
    this.#office.timeline.after(PLANNING_MS, () => this.#plan());
  }

  /** Orders that wait go on trips of one to a few orders each. */
  #plan(): void {
    const { random, timeline, world, habits } = this.#office;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#isPlanning = false;
    while (waiting.length > 0) {
      const bookings = waiting.splice(0, random.integer(1, this.#perTrip));
      this.#trips += 1;
      const trip = planTrip(
        bookings,
        this.#trips,
        random.fork(`trip ${this.#trips}`),
        world,
        timeline.now,
      );
      for (const booking of bookings) {
        this.#byTrip.set(booking, trip);
        if (booking.random.chance(habits.cancelled)) this.#cancelLater(booking, trip);
      }
      new TripRun(this.#office, this.#dispatch, trip).begin();
    }
  }

  /** Called off before the vehicle comes, and taken off its trip. */
  #cancelLater(booking: Booking, trip: Trip): void {
    this.#office.timeline.after(booking.random.integer(5, 40) * MINUTE, () => {
      if (!this.#office.spared.has(booking.order.shipment)) this.#callOff(booking, trip);
    });
  }

  #callOff(booking: Booking, trip: Trip | undefined): void {
    if (booking.status === "cancelled") return;
    for (const visit of trip?.visits ?? []) {
      visit.tasks = visit.tasks.filter((it) => it.booking !== booking);
    }
    this.#dispatch.consignment(booking, "cancelled");
    if (trip !== undefined) this.#dispatch.trip(trip, true);
    booking.truth.state = "cancelled";
    booking.truth.finished = true;
  }
}

function goodsTruth({ goods }: OrderedTransport): OrderTruth["goods"] {
  return goods.map(({ id, description, quantity }) => ({ id, description, quantity }));
}
