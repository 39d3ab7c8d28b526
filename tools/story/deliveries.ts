/** The deliveries of the month: what was invoiced, and what is held. */
import type { ConnectionKey, CustomerKey } from "./places.ts";

export const DAY = 24 * 60;

export interface Delivery {
  customer: CustomerKey;
  via: ConnectionKey;
  /** Minutes ago. */
  ago: number;
  /** What the customer pays. */
  sell: string;
  /** Who signed; null while the proof is missing. */
  signer: string | null;
  /** Charges on the carrier's bill; none: it has not billed yet. */
  bill?: Partial<Record<"linehaul" | "fuel" | "detention" | "lumper", string>>;
  /** The proof is dated so many minutes before the arrival. */
  early?: number;
}

/** A clean month: [customer, via, days ago, sell, hours until word, bridge, proof, charges, review, posting]. */
type Past = [CustomerKey, ConnectionKey, number, string, number[]];
export const PAST: Past[] = [
  ["vandijk", "waterweg", 3, "920.00", [0.4, 0.02, 5, 0, 0, 3]],
  ["linde", "waterweg", 4, "1180.00", [0.6, 0.02, 9, 0, 1.5, 6]],
  ["roux", "waterweg", 5, "1015.00", [0.3, 0.03, 27, 0, 0, 4]],
  ["muller", "waterweg", 6, "1340.00", [0.5, 0.02, 3, 8, 0, 5]],
  ["jansen", "waterweg", 8, "880.00", [0.2, 0.02, 2, 0, 0, 2]],
  ["hofmann", "nordlinie", 7, "1460.00", [2.2, 0.1, 14, 0, 4, 9]],
  ["lindqvist", "nordlinie", 9, "1990.00", [3.5, 0.1, 41, 0, 0, 7]],
  ["novak", "nordlinie", 11, "1725.00", [1.8, 0.2, 6, 12, 7, 11]],
  ["harvest", "nordlinie", 13, "2210.00", [4.1, 0.1, 52, 0, 18, 8]],
  ["kowalski", "nordlinie", 16, "1280.00", [2.6, 0.1, 11, 0, 0, 6]],
  ["bellini", "alpina", 10, "1875.00", [0.9, 0.05, 8, 20, 0, 5]],
  ["delacourt", "alpina", 12, "1640.00", [1.1, 0.05, 19, 0, 6, 4]],
  ["estrella", "alpina", 15, "2380.00", [0.8, 0.05, 7, 0, 0, 10]],
  ["valdemar", "alpina", 18, "2050.00", [1.4, 0.05, 33, 15, 26, 9]],
  ["blum", "alpina", 21, "1510.00", [0.7, 0.05, 4, 0, 0, 3]],
];

/** What waits: each line another reason or another authority. */
export const HELD: Delivery[] = [
  { customer: "hofmann", via: "nordlinie", ago: 5 * DAY, sell: "3480.00", signer: null },
  { customer: "lindqvist", via: "nordlinie", ago: 2.4 * DAY, sell: "1890.00", signer: null },
  { customer: "roux", via: "waterweg", ago: 1.2 * DAY, sell: "240.00", signer: null },
  { customer: "delacourt", via: "alpina", ago: 0.8 * DAY, sell: "1640.00", signer: null },
  {
    customer: "estrella",
    via: "alpina",
    ago: 9.3 * DAY,
    sell: "2260.00",
    signer: "R. Gil",
    early: 90,
  },
  {
    customer: "vandijk",
    via: "waterweg",
    ago: 3.1 * DAY,
    sell: "920.00",
    signer: "P. van Dijk",
    bill: { linehaul: "640.00", fuel: "163.10" },
  },
  {
    customer: "muller",
    via: "waterweg",
    ago: 2.2 * DAY,
    sell: "1340.00",
    signer: "Wareneingang",
    bill: { linehaul: "640.00", fuel: "201.80" },
  },
  {
    customer: "bellini",
    via: "alpina",
    ago: 4.6 * DAY,
    sell: "1875.00",
    signer: "G. Bellini",
    bill: { linehaul: "3190.00", fuel: "157.40" },
  },
  {
    customer: "novak",
    via: "nordlinie",
    ago: 1.9 * DAY,
    sell: "1725.00",
    signer: "Novák",
    bill: { linehaul: "640.00", fuel: "157.40", detention: "150.00" },
  },
];
