/** The network between the bridge and somebody else, to be cut: a TCP relay. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

export class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(host: string, port: number) {
    this.#server = createServer((near) => {
      if (this.#isCut) return void near.destroy();
      const far = connect(port, host);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  /** A relay to the address; gives it with the URL to use in its place. */
  static async to(url: string): Promise<{ wire: Wire; url: string }> {
    const target = new URL(url);
    const wire = new Wire(target.hostname, Number(target.port));
    await new Promise<void>((resolve) => wire.#server.listen(0, "127.0.0.1", resolve));
    target.port = String((wire.#server.address() as AddressInfo).port);
    target.hostname = "127.0.0.1";
    return { wire, url: target.href.replace(/\/$/, "") };
  }

  /** Everything under way is lost in the middle, and nobody gets through. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
