/** A peer that really speaks HTTP, orders as Odoo writes them, and a place where webhooks arrive. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../bridge/clock.ts";
import type { TransportOrder } from "../../bridge/canonical/transport_order.ts";
import type { OutgoingOrder, Peer } from "../../bridge/sources/source.ts";

export const NEVER = new AbortController().signal;
export const START = new Date("2026-11-23T06:00:00Z");

/** A clock that stands still: its sleeps end at once, so that nothing waits for real time. */
export function stillClock(): Clock {
  return {
    now: () => START,
    steady: () => 0,
    // A turn of the event loop, or a loop that sleeps would starve everything else.
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        else setTimeout(resolve, 1);
      }),
  };
}

export function httpPeer(url: string, token?: string): Peer {
  return {
    request: async ({ method, path, query, headers, body, expect = [] }, signal) => {
      const at = new URL(path, url);
      for (const [name, value] of Object.entries(query ?? {})) at.searchParams.append(name, value);
      const response = await fetch(at, {
        method,
        headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: body === undefined ? null : new Uint8Array(Buffer.from(body)),
        signal,
      });
      if (!response.ok && !expect.includes(response.status)) {
        throw new Error(`answered ${response.status}`);
      }
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      };
    },
  };
}

const uuid = (group: number, n: number) =>
  `${String(group).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;

export function order(n: number, more: Partial<TransportOrder> = {}): TransportOrder {
  return {
    id: uuid(1, n),
    consignment_id: uuid(2, n),
    shipment: `SHP/2026/${String(n).padStart(5, "0")}`,
    sales_orders: [`S${n}`],
    transfers: [`WH/OUT/${n}`],
    customer_references: [],
    shipper: { name: "Bananas Inc" },
    consignee: { name: `Store ${n % 5}` },
    stops: [
      {
        id: uuid(3, n),
        sequence: 0,
        kind: "pickup",
        place: {
          name: "Warehouse",
          city: "Rotterdam",
          country: "NL",
          latitude: 51.9,
          longitude: 4.1,
        },
      },
      {
        id: uuid(4, n),
        sequence: 1,
        kind: "delivery",
        place: { name: `Store ${n % 5}`, city: "Hamburg", country: "DE" },
        window_end: "2026-11-24T17:00:00Z",
      },
    ],
    goods: [
      { id: uuid(5, n), description: "Box of bananas", quantity: "12", unit: "Units" },
      { id: uuid(6, n), description: "Film", quantity: "2.5", unit: "kg" },
    ],
    ...more,
  };
}

/** Order `n` as the courier hands it over. */
export function outgoing(n: number, more: Partial<OutgoingOrder> = {}): OutgoingOrder {
  return { purpose: "original", order: order(n), key: `key-${n}`, number: n, attempt: 1, ...more };
}

export interface Inbox {
  url: string;
  messages: Array<{ headers: IncomingHttpHeaders; body: string }>;
  /** What is answered next; 202 when the list is empty. */
  answers: number[];
  stop(): Promise<void>;
}

export async function startInbox(): Promise<Inbox> {
  const messages: Inbox["messages"] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const status = answers.shift() ?? 202;
      if (status === 202) {
        messages.push({ headers: request.headers, body: Buffer.concat(parts).toString("utf8") });
      }
      response.writeHead(status).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages,
    answers,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
