/** An HTTP server with the limits that keep slow and greedy clients from holding it. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MilepostError } from "./errors.ts";

export interface Listener {
  readonly url: string;
  /** Takes no more connections; resolves when the requests under way are answered, or cut at the limit. */
  close(limitMs: number): Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** A request that is not complete after this time is cut (slowloris). */
  requestSeconds: number;
}

/** Listens, or throws `listen_failed` that names the address. */
export function listen(app: RequestListener, options: ListenOptions): Promise<Listener> {
  const server = createServer(
    {
      requestTimeout: options.requestSeconds * 1000,
      headersTimeout: Math.min(10, options.requestSeconds) * 1000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 1000,
      maxHeaderSize: 16_384,
    },
    app,
  );
  server.maxConnections = 10_000;
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenFault(options, error)));
    server.listen(options.port, options.host, () => resolve(listener(server, options.host)));
  });
}

function listener(server: Server, host: string): Listener {
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: (limitMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), limitMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function listenFault({ host, port }: ListenOptions, error: Error): MilepostError {
  return new MilepostError(`Cannot listen on ${host}:${port}: ${error.message}`, {
    code: "listen_failed",
    retry: "pause",
    culprit: `${host}:${port}`,
    hint: "is another program on this port? see intake.port and admin.port",
    cause: error,
  });
}
