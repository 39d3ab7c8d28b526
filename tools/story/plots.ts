/** What may happen to a shipment, told in minutes from now. */
import type { ExceptionReason } from "../../bridge/canonical/codes.ts";
import {
  itinerary,
  milestone,
  proofOfDelivery,
  retraction,
  type MilestoneWords,
  type StopWords,
  type Told,
} from "./facts.ts";

export interface Trip {
  /** The shipment's number. */
  shipment: string;
  carrier: string;
  stops: StopWords[];
  /** When it is due, in minutes from now. */
  due: number;
  /** The instant so many minutes from now. */
  at: (minutes: number) => Date;
}

export type Plot = (trip: Trip) => Told[];

type Step = [minutes: number, words: MilestoneWords];

const PICKUP = { kind: "pickup" } as const;
const DELIVERY = { kind: "delivery" } as const;

function steps(trip: Trip, told: readonly Step[]): Told[] {
  return told.map(([minutes, words]) => {
    // What is to come is told now, not when it happens.
    const receivedAt = words.receivedAt ?? trip.at(Math.min(minutes + 2, -1));
    return milestone(trip.shipment, trip.at(minutes), { ...words, receivedAt });
  });
}

function plan(trip: Trip, saidAt: number): Told {
  return itinerary(trip.shipment, trip.at(saidAt), trip.carrier, trip.stops);
}

/** Planned, loaded and on the road since `left`. */
function onTheRoad(trip: Trip, left: number): Told[] {
  return [
    plan(trip, left - 600),
    ...steps(trip, [
      [left - 590, { code: "booked" }],
      [left - 45, { code: "arrived_pickup", stop: PICKUP }],
      [left, { code: "picked_up", stop: PICKUP }],
    ]),
  ];
}

function forecast(trip: Trip, eta: number, said: number): Told[] {
  return steps(trip, [
    [
      eta,
      {
        code: "eta_updated",
        classifier: "estimated",
        stop: DELIVERY,
        event: "eta",
        receivedAt: trip.at(said),
      },
    ],
  ]);
}

export const waiting: Plot = () => [];

export const booked: Plot = (trip) => [
  plan(trip, -40),
  ...steps(trip, [[-35, { code: "booked" }]]),
];

export const atPickup: Plot = (trip) => [
  plan(trip, -400),
  ...steps(trip, [
    [-390, { code: "booked" }],
    [-12, { code: "arrived_pickup", stop: PICKUP }],
  ]),
];

/** Under way, with a forecast so many minutes after (before, when negative) the time it is due. */
export const rolling =
  (left: number, behind: number): Plot =>
  (trip) => [
    ...onTheRoad(trip, left),
    ...forecast(trip, trip.due + behind - 20, Math.min(left + 60, -50)),
    ...forecast(trip, trip.due + behind, -8),
  ];

/** Due already, still on the road, and nobody says when it comes. */
export const overdue: Plot = (trip) => [
  ...onTheRoad(trip, trip.due - 240),
  ...steps(trip, [[-50, { code: "in_transit", place: "A1, Deventer" }]]),
];

/** Loaded hours ago and not heard of since. */
export const fellSilent =
  (since: number): Plot =>
  (trip) => [...onTheRoad(trip, since - 150), ...forecast(trip, trip.due, since)];

export const delayed =
  (since: number, reason: ExceptionReason, behind: number): Plot =>
  (trip) => [
    ...onTheRoad(trip, since - 120),
    ...steps(trip, [[since, { code: "delayed", reason }]]),
    ...forecast(trip, trip.due + behind, since + 3),
  ];

export const customsHold: Plot = (trip) => [
  ...onTheRoad(trip, -800),
  ...steps(trip, [
    [-190, { code: "customs_hold", reason: "documents_payment", place: "Basel/Weil" }],
  ]),
  ...forecast(trip, trip.due + 260, -60),
];

export const attempted: Plot = (trip) => [
  ...onTheRoad(trip, -300),
  ...steps(trip, [
    [-95, { code: "out_for_delivery", stop: DELIVERY }],
    [-42, { code: "delivery_attempted", reason: "consignee_unavailable", stop: DELIVERY }],
  ]),
];

export const refused: Plot = (trip) => [
  ...onTheRoad(trip, -500),
  ...steps(trip, [
    [-75, { code: "arrived_delivery", stop: DELIVERY }],
    [-48, { code: "refused", reason: "damage", conditions: ["damaged"], stop: DELIVERY }],
  ]),
];

/** At the customer's gate. */
export const arrived: Plot = (trip) => [
  ...onTheRoad(trip, -260),
  ...forecast(trip, trip.due, -90),
  ...steps(trip, [[-14, { code: "arrived_delivery", stop: DELIVERY }]]),
];

/** Delivered so many minutes ago; the paper may be missing still. */
export const delivered =
  (ago: number, signer: string | null): Plot =>
  (trip) => [
    ...onTheRoad(trip, -ago - 300),
    ...forecast(trip, -ago - 25, -ago - 120),
    ...steps(trip, [
      [-ago - 22, { code: "arrived_delivery", stop: DELIVERY }],
      [-ago, { code: "delivered", stop: DELIVERY }],
    ]),
    ...(signer === null ? [] : [proofOfDelivery(trip.shipment, trip.at(-ago), signer)]),
  ];

/** Several stops, corrections, a withdrawn word and a code that nobody has mapped yet. */
export const crossDocked: Plot = (trip) => {
  const [pickup, dock] = trip.stops;
  return [
    plan(trip, -900),
    ...steps(trip, [
      [-890, { code: "booked" }],
      [
        -330,
        {
          code: "arrived_pickup",
          stop: { id: pickup!.id },
          event: "gate-1",
          receivedAt: trip.at(-318),
        },
      ],
      [
        -322,
        {
          code: "arrived_pickup",
          stop: { id: pickup!.id },
          event: "gate-1",
          receivedAt: trip.at(-301),
        },
      ],
      [-290, { code: "picked_up", stop: { id: pickup!.id } }],
      [-168, { code: "arrived_terminal", stop: { id: dock!.id } }],
      [
        -150,
        { code: "delayed", reason: "mechanical", event: "wrong-truck", rawText: "Reifenpanne" },
      ],
      [-131, { code: "departed_terminal", stop: { id: dock!.id } }],
      [
        -64,
        {
          rawCode: "TMP_OK",
          rawText: "Reefer set point confirmed, 4 °C",
          place: "Aire de Berchem",
        },
      ],
      [-38, { code: "in_transit", place: "Metz" }],
    ]),
    ...[-140, -80, -21].flatMap((said, index) =>
      forecast(trip, trip.due + [-35, 55, 38][index]!, said),
    ),
    retraction(trip.shipment, trip.at(-125), "wrong-truck"),
  ];
};
