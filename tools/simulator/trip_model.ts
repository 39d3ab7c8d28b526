/** A trip as the TMS plans and drives it, and its parts in OTM5's words. */
import type { OrderTruth, QuantityTruth } from "./ledger.ts";
import { goodsAt, type OrderedTransport, type OrderStop } from "./order_book.ts";
import type { Paper } from "./paper.ts";
import type { Random } from "./random.ts";
import { isoOf, type Entity } from "./world.ts";

export interface Booking {
  order: OrderedTransport;
  /** The TMS's own names for the order and its consignment. */
  tmsId: string;
  number: string;
  consignmentId: string;
  truth: OrderTruth;
  random: Random;
  status: "confirmed" | "inTransit" | "completed" | "cancelled";
}

export type Lifecycle = "planned" | "projected" | "actual" | "realized";

export interface Result {
  status: "succeeded" | "failed" | "partiallySucceeded" | "cancelled";
  reason?: string;
  remark?: string;
}

/** What is done for one consignment at one stop. */
export interface Task {
  id: string;
  type: "load" | "unload" | "handOver";
  booking: Booking;
  orderStop: OrderStop;
  planned: { start: number; end: number; modified: string };
  lifecycle: Lifecycle;
  /** Simulated milliseconds. */
  start: number;
  end: number;
  modified: string;
  result?: Result;
  quantities?: QuantityTruth[];
  signer?: string;
  papers?: Paper[];
}

export interface Visit {
  id: string;
  sequence: number;
  placeKey: string;
  location: Record<string, unknown>;
  constraint: Record<string, unknown> | undefined;
  planned: { start: number; end: number; modified: string };
  lifecycle: Lifecycle;
  start: number;
  end: number;
  modified: string;
  delayReason?: string;
  tasks: Task[];
}

export interface Trip {
  id: string;
  number: string;
  status: "confirmed" | "inTransit" | "completed" | "cancelled";
  carrier: { id: string; name: string };
  vehicle: { id: string; plate: string };
  driver: { id: string; name: string };
  visits: Visit[];
  moves: Move[];
  modified: string;
}

export interface Move {
  id: string;
  /** Index of the visit that it leaves. */
  from: number;
  lifecycle: Lifecycle;
  start: number;
  end: number;
  modified: string;
}

const inline = (entity: object) => ({ associationType: "inline", entity });
const reference = (uuid: string, entityType: string) => ({
  associationType: "reference",
  uuid,
  entityType,
});

/** The trip with everything that is known of it, planned and realized side by side. */
export function tripEntity(trip: Trip): Entity {
  const actions = trip.visits.flatMap((visit, index) => {
    if (visit.tasks.length === 0) return [];
    const move = trip.moves.find((it) => it.from === index);
    const versions = [visitEntity(trip, visit, "plan")];
    if (visit.lifecycle !== "planned") versions.push(visitEntity(trip, visit, "now"));
    return [...versions, ...(move === undefined ? [] : [moveEntity(trip, move)])];
  });
  return {
    entityType: "trip",
    id: trip.id,
    name: trip.number,
    lastModified: trip.modified,
    status: trip.status,
    transportMode: "road",
    vehicle: inline(vehicleEntity(trip)),
    actors: [
      {
        ...inline({ entityType: "actor", id: trip.carrier.id, name: trip.carrier.name }),
        roles: ["carrier"],
      },
      { ...inline(driverEntity(trip)), roles: ["driver"] },
    ],
    actions: actions.map(inline),
  };
}

export function vehicleEntity(trip: Trip): object {
  return {
    entityType: "vehicle",
    id: trip.vehicle.id,
    vehicleType: "truck",
    licensePlate: trip.vehicle.plate,
  };
}

export function driverEntity(trip: Trip): object {
  return { entityType: "actor", id: trip.driver.id, name: trip.driver.name };
}

/** The stop with its tasks in full (`plan`, `now`), or as its own message with tasks by reference. */
export function visitEntity(trip: Trip, visit: Visit, as: "plan" | "now" | "alone"): Entity {
  const isPlan = as === "plan";
  const { start, end, modified } = isPlan ? visit.planned : visit;
  const lifecycle = isPlan ? "planned" : visit.lifecycle;
  const tasks = visit.tasks.filter((it) => isPlan || it.lifecycle === "realized");
  return {
    entityType: "stop",
    actionType: "stop",
    id: visit.id,
    lastModified: modified,
    lifecycle,
    sequenceNr: visit.sequence,
    startTime: isoOf(start),
    ...(lifecycle !== "actual" && { endTime: isoOf(end) }),
    ...(as === "alone" && { trip: reference(trip.id, "trip") }),
    location: inline({ entityType: "location", ...visit.location }),
    ...(visit.constraint !== undefined && { constraint: inline(visit.constraint) }),
    ...(visit.delayReason !== undefined &&
      !isPlan && {
        externalAttributes: { delayReason: visit.delayReason },
      }),
    actions:
      as === "alone"
        ? visit.tasks.map((it) => reference(it.id, it.type))
        : tasks
            .filter((it) => !isPlan || it.type !== "handOver")
            .map((it) => inline(taskEntity(it, isPlan))),
  };
}

/** A load, unload or hand-over; a hand-over carries the papers, the signer and the quantities. */
export function taskEntity(task: Task, isPlan = false, visit?: Visit): Entity {
  const { booking } = task;
  const isHandOver = task.type === "handOver" && !isPlan;
  const result = isPlan ? undefined : task.result;
  const { start, end, modified } = isPlan ? task.planned : task;
  return {
    entityType: task.type,
    actionType: task.type,
    id: task.id,
    lastModified: modified,
    lifecycle: isPlan ? "planned" : task.lifecycle,
    startTime: isoOf(start),
    endTime: isoOf(end),
    ...(result !== undefined && { result }),
    ...(visit !== undefined && { stop: reference(visit.id, "stop") }),
    consignment: isHandOver
      ? inline(handedOver(task))
      : reference(booking.consignmentId, "consignment"),
    ...(isHandOver && {
      to: {
        ...inline({ entityType: "actor", ...(task.signer !== undefined && { name: task.signer }) }),
        roles: ["receiver"],
      },
      documents: (task.papers ?? []).map((it) => inline(documentEntity(it, task))),
    }),
  };
}

const ATTRIBUTES = {
  accepted: "acceptedQuantity",
  accepted_damaged: "damagedQuantity",
  short: "shortQuantity",
  refused: "refusedQuantity",
} as const;

/** The consignment with what became of each of its goods. */
function handedOver({ booking, orderStop, quantities = [] }: Task): object {
  return {
    entityType: "consignment",
    id: booking.consignmentId,
    goods: goodsAt(booking.order, orderStop).map((goods) => {
      const own = quantities.filter((it) => it.goods === goods.id);
      const told = own.map((it) => [ATTRIBUTES[it.outcome], it.quantity]);
      return inline({
        type: "items",
        id: goods.id,
        description: goods.description,
        externalAttributes: { unit: goods.unit, ...(Object.fromEntries(told) as object) },
      });
    }),
  };
}

function documentEntity(paper: Paper, task: Task): object {
  return {
    entityType: "document",
    id: `${task.id}-${paper.media_type === "image/png" ? "signature" : "note"}`,
    lastModified: task.modified,
    documentType: paper.media_type === "image/png" ? "signature" : "proofOfDelivery",
    filename: paper.name,
    mimeType: paper.media_type,
    content: { contentType: "data", raw: paper.content.toString("base64") },
  };
}

export function moveEntity(trip: Trip, move: Move): Entity {
  const from = trip.visits[move.from];
  return {
    entityType: "move",
    actionType: "move",
    id: move.id,
    lastModified: move.modified,
    lifecycle: move.lifecycle,
    sequenceNr: (from?.sequence ?? 0) + 1,
    startTime: isoOf(move.start),
    ...(move.lifecycle !== "actual" && { endTime: isoOf(move.end) }),
    trip: reference(trip.id, "trip"),
  };
}

export function consignmentEntity(booking: Booking, modified: string): Entity {
  const { order } = booking;
  return {
    entityType: "consignment",
    id: booking.consignmentId,
    name: order.shipment,
    lastModified: modified,
    status: booking.status,
    externalAttributes: { shipmentNumber: order.shipment },
    transportOrder: reference(booking.tmsId, "transportOrder"),
    goods: order.goods.map((goods) =>
      inline({
        type: "items",
        id: goods.id,
        description: goods.description,
        externalAttributes: { quantity: goods.quantity, unit: goods.unit },
      }),
    ),
  };
}

/** The order as the TMS keeps it: under its own number, with its own ids. */
export function orderEntity(booking: Booking, modified: string): Entity {
  return {
    entityType: "transportOrder",
    id: booking.tmsId,
    name: booking.order.shipment,
    lastModified: modified,
    externalAttributes: {
      orderNumber: booking.number,
      shipmentNumber: booking.order.shipment,
      customerOrderId: booking.order.id,
    },
    consignments: [inline(consignmentEntity(booking, modified))],
  };
}
