/** The board in a document, with an Odoo that answers what a test says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "@odoo/owl";
import { Board } from "../../web/control_tower/board/board.ts";
import { labelsOf } from "../../web/control_tower/labels.ts";
import { browser, clock } from "./odoo_stand_ins.ts";

const WEB = join(import.meta.dirname, "../../web");

/** Calls of one method that wait for their answers, in the order in which they were made. */
export class Calls {
  readonly made: { args: unknown[] }[] = [];
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];

  call(args: unknown[]): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    this.made.push({ args });
    this.#waiting.push(answer);
    return answer.promise;
  }

  /** Answers the oldest call that waits. */
  answer(value: unknown): void {
    this.#take().resolve(value);
  }

  fail(error: Error): void {
    this.#take().reject(error);
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #take(): PromiseWithResolvers<unknown> {
    const oldest = this.#waiting.shift();
    if (oldest === undefined) throw new Error("no call waits for an answer");
    return oldest;
  }
}

class FakeBus extends EventTarget {
  readonly #callbacks = new Set<(payload: { ids: number[] }) => void>();
  start = (): Promise<void> => Promise.resolve();
  subscribe = (_type: string, callback: (payload: { ids: number[] }) => void): void => {
    this.#callbacks.add(callback);
  };
  unsubscribe = (_type: string, callback: (payload: { ids: number[] }) => void): void => {
    this.#callbacks.delete(callback);
  };
  notify(ids: number[]): void {
    for (const callback of this.#callbacks) callback({ ids });
  }
}

export interface MountedBoard {
  reads: Calls;
  timelines: Calls;
  bus: FakeBus;
  root: HTMLElement;
  /** The text of what the selector finds first; empty when it finds nothing. */
  text(selector: string): string;
  /** The customers of a column, from top to bottom. */
  customers(column: string): string[];
  /** Lets promises and the rendering settle. */
  settled(): Promise<void>;
  destroy(): void;
}

export async function mountBoard(options: { isSmall?: boolean } = {}): Promise<MountedBoard> {
  clock.clear();
  browser.localStorage.clear();
  const [reads, timelines, bus] = [new Calls(), new Calls(), new FakeBus()];
  const orm: Record<string, unknown> = {
    call: (_model: string, method: string, args: unknown[]) =>
      (method === "timeline" ? timelines : reads).call(args),
  };
  orm["silent"] = orm;
  const env = {
    isSmall: options.isSmall ?? false,
    services: { orm, bus_service: bus, action: { doAction: () => Promise.resolve() } },
  };
  const app = new App(Board, { env, props: { domain: [], labels: labelsOf({}) }, test: true });
  for (const file of readdirSync(WEB, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".xml")) app.addTemplates(readFileSync(join(WEB, file), "utf8"));
  }
  const root = document.createElement("div");
  document.body.append(root);
  await app.mount(root);
  const settled = async () => {
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  };
  return {
    reads,
    timelines,
    bus,
    root,
    text: (selector) => root.querySelector(selector)?.textContent?.trim() ?? "",
    customers: (column) =>
      [...root.querySelectorAll(`[data-column=${column}] .o_mp_customer`)].map(
        (it) => it.textContent ?? "",
      ),
    settled,
    destroy: () => {
      app.destroy();
      root.remove();
    },
  };
}
