/**
 * The parts of Open Trip Model 5 that are read here, as a schema: what must be right for an entity
 * or event to be understood. Members that are not read may hold anything.
 *
 * Written after the OpenAPI description (v5.7), more forgiving in two ways: words of an enumeration
 * that OTM may extend (types, statuses, reasons) are any text, and types may be left out, as the
 * standard's own examples leave them out.
 */
import { z } from "zod";
import { readInstant } from "../shared/reading/instants.ts";

const word = z.string().min(1).max(64);
const id = z.string().min(1).max(100);
const text = z.string().max(20_000).nullish();
const attributes = z.record(z.string(), z.unknown()).nullish();

/** A date and time, with or without offset. */
const dateTime = z
  .string()
  .max(64)
  .refine(
    (value) => readInstant(value, { zone: "UTC" }).instant !== undefined,
    "is no date and time",
  );

const list = <T extends z.ZodType>(type: T, max: number) => z.array(type).max(max).nullish();

/** Inline, by reference, or by external attributes. */
const association = <T extends z.ZodType>(entity: () => T) =>
  z.looseObject({
    associationType: z.enum(["inline", "reference", "attributeRestriction"]).optional(),
    roles: list(z.unknown(), 20),
    uuid: id.optional(),
    entityType: word.optional(),
    restriction: z.looseObject({ externalAttributes: attributes }).optional(),
    get entity() {
      return entity().optional();
    },
  });

const common = {
  id: id.nullish(),
  name: text,
  creationDate: dateTime.nullish(),
  lastModified: dateTime.nullish(),
  externalAttributes: attributes,
};

const geoReference = z.looseObject({
  type: word.optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
});

export const location = z.looseObject({
  ...common,
  geoReference: geoReference.nullish(),
  administrativeReference: z.looseObject({ country: text, city: text }).nullish(),
  unCode: text,
  type: text,
});

export const actor = z.looseObject({
  ...common,
  contactDetails: list(z.looseObject({ type: word.optional(), value: text }), 100),
});

export const vehicle = z.looseObject({ ...common, licensePlate: text });

const constraint = z.looseObject({ ...common, value: z.looseObject({}).nullish() });

export const goods: z.ZodType = z.looseObject({
  ...common,
  type: text,
  description: text,
  barCode: text,
  quantity: z.number().min(0).max(1e12).nullish(),
  get containedGoods() {
    return list(
      association(() => goods),
      10_000,
    );
  },
});

export const document = z.looseObject({
  ...common,
  documentType: text,
  filename: text,
  mimeType: text,
  content: z
    .looseObject({
      contentType: word.optional(),
      raw: z.string().optional(),
      uri: z.string().max(4000).optional(),
    })
    .nullish(),
});

export const consignment: z.ZodType = z.looseObject({
  ...common,
  status: word.nullish(),
  goods: list(
    association(() => goods),
    10_000,
  ),
  documents: list(
    association(() => document),
    1000,
  ),
  get transportOrder() {
    return association(() => z.looseObject(common)).nullish();
  },
  get actions() {
    return list(
      association(() => action),
      1000,
    );
  },
});

/** Any action; which members mean something depends on its type. */
export const action: z.ZodType = z
  .looseObject({
    ...common,
    actionType: word.optional(),
    lifecycle: word.nullish(),
    timeFormat: word.nullish(),
    startTime: z.string().max(64).nullish(),
    endTime: z.string().max(64).nullish(),
    sequenceNr: z.number().nullish(),
    result: z.looseObject({ status: word, reason: word.nullish(), remark: text }).nullish(),
    get consignment() {
      return association(() => consignment).nullish();
    },
    location: association(() => location).nullish(),
    constraint: association(() => constraint).nullish(),
    documents: list(
      association(() => document),
      1000,
    ),
    to: association(() => actor).nullish(),
    from: association(() => z.looseObject(common)).nullish(),
    trip: association(() => z.looseObject(common)).nullish(),
    get stop() {
      return association(() => action).nullish();
    },
    get actions() {
      return list(
        association(() => action),
        10_000,
      );
    },
  })
  .superRefine((value, context) => {
    if (
      value.timeFormat !== undefined &&
      value.timeFormat !== null &&
      value.timeFormat !== "dateTime"
    )
      return;
    for (const key of ["startTime", "endTime"] as const) {
      const time = value[key];
      if (typeof time !== "string" || dateTime.safeParse(time).success) continue;
      context.addIssue({ code: "custom", path: [key], message: "is no date and time" });
    }
  });

export const trip = z.looseObject({
  ...common,
  status: word.nullish(),
  vehicle: association(() => vehicle).nullish(),
  actors: list(
    association(() => actor),
    1000,
  ),
  actions: list(
    association(() => action),
    10_000,
  ),
});

export const transportOrder = z.looseObject({
  ...common,
  status: word.nullish(),
  consignments: list(
    association(() => consignment),
    10_000,
  ),
});

/** An entity whose type has no schema of its own, or one that OTM will bring. */
export const anyEntity = z.looseObject(common);

const eventCommon = { ...common, eventType: word, lifecycle: word.nullish() };

export const event = z.looseObject({
  ...eventCommon,
  geoReference: geoReference.nullish(),
  vehicle: association(() => vehicle).nullish(),
});

export const associationEvent = z.looseObject({
  ...eventCommon,
  entity1: association(() => anyEntity),
  entity2: association(() => anyEntity),
});

export const updateEvent = z.looseObject({ ...eventCommon, entity: z.looseObject({}) });
