/** Entities and events of OTM5 as partners could send them, within the schema of the source. */
import fc from "fast-check";

const LIFECYCLES = ["requested", "planned", "projected", "actual", "realized"];
const RESULTS = ["succeeded", "failed", "partiallySucceeded", "cancelled"];
const REASONS = ["damage", "incomplete", "receiverAbsent", "rejectedByReceiver", "other", "new"];

/** Few ids, so that what is generated speaks of the same things. */
const id = (group: string) => fc.integer({ min: 1, max: 4 }).map((n) => `${group}-${n}`);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });
const inline = (entity: fc.Arbitrary<object>) =>
  entity.map((it) => ({ associationType: "inline", entity: it }));
const reference = (group: string, entityType: string) =>
  id(group).map((uuid) => ({ associationType: "reference", uuid, entityType }));

/** A time of one day, with offset, in UTC, or as the clock there shows it. */
export const time = fc
  .tuple(
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom("Z", "+01:00", ""),
  )
  .map(
    ([h, m, zone]) =>
      `2026-11-23T${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}:00${zone}`,
  );
/** When an entity changed: told by every sender here, since without it a new arrival is a new saying. */
const modified = fc
  .integer({ min: 0, max: 86_399 })
  .map((s) => `${new Date(Date.UTC(2026, 10, 24) + s * 1000).toISOString().slice(0, 19)}Z`);

const point = fc.record({
  type: fc.constant("latLonPointGeoReference"),
  lat: fc.double({ min: -200, max: 200, noNaN: true }),
  lon: fc.double({ min: -200, max: 200, noNaN: true }),
});
const location = fc.record(
  {
    entityType: fc.constant("location"),
    id: id("location"),
    name: fc.string(),
    type: fc.constantFrom("warehouse", "customer", "operationalBase"),
    geoReference: point,
    administrativeReference: fc.record({
      city: fc.string(),
      country: fc.constantFrom("NL", "DE", "US", "??"),
    }),
  },
  { requiredKeys: ["entityType"] },
);
const window = inline(
  fc.record({
    value: fc.record({ type: fc.constant("timeWindowConstraint"), startTime: time, endTime: time }),
  }),
);
const goods = inline(
  fc.record({
    type: fc.constant("items"),
    id: id("goods"),
    quantity: fc.integer({ min: 0, max: 50 }),
    externalAttributes: fc.record(
      {
        unit: fc.constant("Units"),
        acceptedQuantity: fc.constantFrom("1", "2.5", 3),
        refusedQuantity: fc.constantFrom("0", "4"),
      },
      { requiredKeys: [] },
    ),
  }),
);
const document = fc.record({
  entityType: fc.constant("document"),
  id: id("document"),
  lastModified: modified,
  documentType: fc.constantFrom("pod", "invoice", "photo"),
  content: fc.oneof(
    fc.record({ contentType: fc.constant("link"), uri: fc.webUrl() }),
    fc.record({
      contentType: fc.constant("data"),
      raw: fc.constantFrom(Buffer.from("%PDF-1.4").toString("base64"), "AAAA", "%"),
    }),
  ),
});
const consignment = fc.record(
  {
    entityType: fc.constant("consignment"),
    id: id("consignment"),
    lastModified: modified,
    status: fc.constantFrom(
      "draft",
      "requested",
      "confirmed",
      "inTransit",
      "completed",
      "cancelled",
      "new",
    ),
    goods: fc.array(goods, { maxLength: 3 }),
    documents: fc.array(fc.oneof(inline(document), reference("document", "document")), {
      maxLength: 2,
    }),
    transportOrder: reference("order", "transportOrder"),
  },
  { requiredKeys: ["entityType", "id", "lastModified"] },
);

const work = (type: "load" | "unload" | "handOver") =>
  fc.record(
    {
      entityType: fc.constant(type),
      actionType: fc.constant(type),
      id: id(type),
      lastModified: modified,
      lifecycle: fc.constantFrom(...LIFECYCLES),
      startTime: time,
      endTime: time,
      result: fc.record(
        { status: fc.constantFrom(...RESULTS), reason: fc.constantFrom(...REASONS) },
        { requiredKeys: ["status"] },
      ),
      consignment: fc.oneof(reference("consignment", "consignment"), inline(consignment)),
      documents: fc.array(inline(document), { maxLength: 2 }),
      constraint: window,
      to: fc.record({
        associationType: fc.constant("inline"),
        entity: fc.record({ name: fc.string() }),
        roles: fc.constantFrom(["receiver"], ["carrier"], []),
      }),
    },
    { requiredKeys: ["entityType", "actionType", "id", "lastModified", "lifecycle"] },
  );
const anyWork = fc.oneof(work("load"), work("unload"), work("handOver"));

const stop = fc.record(
  {
    entityType: fc.constant("stop"),
    actionType: fc.constant("stop"),
    id: id("stop"),
    lastModified: modified,
    lifecycle: fc.constantFrom(...LIFECYCLES),
    sequenceNr: fc.integer({ min: 0, max: 20 }),
    startTime: time,
    endTime: time,
    location: inline(location),
    constraint: window,
    actions: fc.array(
      fc.oneof(inline(anyWork), reference("unload", "unload"), reference("load", "load")),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: ["entityType", "actionType", "id", "lastModified", "lifecycle"] },
);
const other = fc.record({
  actionType: fc.constantFrom(
    "move",
    "break",
    "wait",
    "genericAction",
    "attachTransportEquipment",
    "new",
  ),
  id: id("other"),
  lastModified: modified,
  lifecycle: fc.constantFrom(...LIFECYCLES),
  startTime: time,
  trip: reference("trip", "trip"),
});
export const action = fc.oneof(anyWork, stop, other);

export const trip = fc.record(
  {
    entityType: fc.constant("trip"),
    id: id("trip"),
    lastModified: modified,
    status: fc.constantFrom("requested", "confirmed", "inTransit", "completed", "cancelled", "new"),
    vehicle: fc.oneof(
      reference("vehicle", "vehicle"),
      inline(fc.record({ licensePlate: fc.string() })),
    ),
    actions: fc.array(inline(fc.oneof(stop, other)), { maxLength: 6 }),
  },
  { requiredKeys: ["entityType", "id", "lastModified"] },
);

const order = fc.record({
  entityType: fc.constant("transportOrder"),
  id: id("order"),
  lastModified: modified,
  consignments: fc.array(inline(consignment), { maxLength: 2 }),
});

const told = { id: id("event"), creationDate: modified, lastModified: modified };
const event = fc.oneof(
  fc.record({
    ...told,
    eventType: fc.constant("updateEvent"),
    entity: fc.oneof(action, consignment, trip),
  }),
  fc.record({
    ...told,
    eventType: fc.constantFrom("associationCreatedEvent", "associationRemovedEvent"),
    entity1: fc.oneof(
      reference("trip", "trip"),
      reference("stop", "stop"),
      reference("unload", "unload"),
    ),
    entity2: fc.oneof(
      inline(anyWork),
      inline(document),
      reference("vehicle", "vehicle"),
      reference("load", "load"),
    ),
  }),
  fc.record({
    ...told,
    eventType: fc.constantFrom(
      "locationUpdateEvent",
      "startMovingEvent",
      "stopEngineEvent",
      "newEvent",
    ),
    trip: maybe(reference("trip", "trip")),
    geoReference: point,
  }),
);

/** Anything that can come in by itself. */
export const entity: fc.Arbitrary<object> = fc.oneof(
  trip,
  action,
  consignment,
  order,
  document,
  event,
);
