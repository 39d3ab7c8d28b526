/** A real HTTP server that answers as it is told, faults of the wire included. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** `hang`: never answers; `reset`: cuts the connection; `cut`: cuts it in the middle of the body. */
export type Reply =
  | { status?: number; type?: string; headers?: Record<string, string>; body?: string }
  | "hang"
  | "reset"
  | "cut";

export type Handler = (request: Received) => Reply | Promise<Reply>;

export class FaultServer {
  readonly received: Received[] = [];
  handler: Handler;
  readonly #server: Server;

  constructor(handler: Handler) {
    this.handler = handler;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Listens on a free port, or again on the one given. */
  start(port = 0): Promise<this> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => resolve(this));
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received: Received = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    };
    this.received.push(received);
    send(response, await this.handler(received));
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "reset") return void response.socket?.resetAndDestroy();
  if (reply === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"half":', () => response.socket?.destroy());
    return;
  }
  const { status = 200, type = "application/json", headers = {}, body = "" } = reply;
  response.writeHead(status, { "content-type": type, ...headers });
  response.end(body);
}
