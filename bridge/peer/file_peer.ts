/**
 * A partner that takes files: each PUT, and what else has a file name, is one file in its folder.
 * Sending again replaces the file, which is all that a source or a courier needs to try again after
 * a crash.
 */
import { MilepostError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import type { Peer, PeerRequest, PeerResponse } from "../sources/source.ts";
import type { Files } from "./files.ts";

/** A name, in folders below if need be: nothing that could leave the folder, or hide in it. */
const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._ -]{0,119}\/){0,4}[A-Za-z0-9][A-Za-z0-9._ -]{0,119}$/;

export class FilePeer implements Peer {
  readonly isSilent = true;
  readonly #files: Files;
  readonly #folder: string;
  readonly #connection: string;
  readonly #metrics: Metrics;

  /** Does not close the files. */
  constructor(connection: string, files: Files, folder: string, metrics: Metrics) {
    this.#connection = connection;
    this.#files = files;
    this.#folder = folder;
    this.#metrics = metrics;
  }

  async request(request: PeerRequest, signal: AbortSignal): Promise<PeerResponse> {
    const { method, path, body = "", file } = request;
    if (method === "GET" || (method !== "PUT" && file === undefined)) {
      throw this.#refusal(`cannot answer ${method}: it only takes files`);
    }
    const name = fileName(file ?? path);
    if (name === undefined) throw this.#refusal(`cannot take a file of the name "${path}"`);
    const start = performance.now();
    let result = "error";
    try {
      await this.#files.write(`${this.#folder}/${name}`, Buffer.from(body), signal);
      result = "2xx";
    } finally {
      this.#metrics.httpClient.observe(
        { target: this.#connection, status_class: result },
        (performance.now() - start) / 1000,
      );
    }
    return { status: 201, headers: {}, body: Buffer.alloc(0) };
  }

  #refusal(what: string): MilepostError {
    return new MilepostError(`The folder of ${this.#connection} ${what}`, {
      code: "peer_refused",
      retry: "never",
      culprit: this.#connection,
    });
  }
}

function fileName(path: string): string | undefined {
  try {
    const name = decodeURIComponent(path.replace(/^\//, ""));
    return NAME.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
