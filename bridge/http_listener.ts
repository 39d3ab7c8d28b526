/** An HTTP server with the limits that keep slow and greedy clients from holding it. */
import { chmod, rm } from "node:fs/promises";
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
  const { host, port } = options;
  const server = serverOf(app, options);
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(listenFault(`${host}:${port}`, error)));
    server.listen(port, host, () => resolve(listener(server, tcpUrl(server, host))));
  });
}

/**
 * Listens on a unix socket that its owner and group may use. One that a crash left behind is
 * replaced: the caller holds the lock of its directory.
 */
export async function listenSocket(
  app: RequestListener,
  path: string,
  options: Pick<ListenOptions, "requestSeconds">,
): Promise<Listener> {
  await rm(path, { force: true });
  const server = serverOf(app, options);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenFault(path, error)));
    server.listen(path, () => resolve());
  });
  await chmod(path, 0o660);
  return listener(server, `unix:${path}`);
}

function serverOf(app: RequestListener, options: Pick<ListenOptions, "requestSeconds">): Server {
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
  return server;
}

function tcpUrl(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function listener(server: Server, url: string): Listener {
  return {
    url,
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

function listenFault(address: string, error: Error): MilepostError {
  return new MilepostError(`Cannot listen on ${address}: ${error.message}`, {
    code: "listen_failed",
    retry: "pause",
    culprit: address,
    hint: "is another program on this port? see intake.port and admin.port",
    cause: error,
  });
}
