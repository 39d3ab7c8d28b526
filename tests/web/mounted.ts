/** A component in a document, with an Odoo that answers what a test says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App, type ComponentConstructor } from "@odoo/owl";
import { browser, clock, translated } from "./odoo_stand_ins.ts";

const WEB = join(import.meta.dirname, "../../web");

/** Calls of one method that wait for their answers, in the order in which they were made. */
export class Calls {
  readonly made: { args: unknown[]; kwargs: object }[] = [];
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];

  call(args: unknown[], kwargs: object = {}): Promise<unknown> {
    const answer = Promise.withResolvers<unknown>();
    this.made.push({ args, kwargs });
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

export class FakeBus extends EventTarget {
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

export interface Mounted {
  /** The calls of each method of Odoo's models, by its name. */
  calls(method: string): Calls;
  bus: FakeBus;
  /** What was opened over the component, newest last. */
  actions: unknown[];
  dialogs: { component: ComponentConstructor; props: Record<string, unknown> }[];
  notifications: string[];
  /** Presses a button of the newest notification that has it. */
  pressNotified(name: string): void;
  root: HTMLElement;
  /** The text of what the selector finds first; empty when it finds nothing. */
  text(selector: string): string;
  texts(selector: string): string[];
  /** The first element that the selector finds; an error when there is none. */
  find(selector: string): HTMLElement;
  /** Lets promises and the rendering settle. */
  settled(): Promise<void>;
  destroy(): void;
}

interface NotifiedButton {
  name: string;
  onClick: () => void;
}

export interface MountOptions {
  isSmall?: boolean;
}

/** Mounts a component as Odoo's web client would. */
export async function mountComponent(
  component: ComponentConstructor,
  props: object,
  options: MountOptions = {},
): Promise<Mounted> {
  clock.clear();
  browser.localStorage.clear();
  const made = new Map<string, Calls>();
  const calls = (method: string): Calls => {
    const known = made.get(method) ?? new Calls();
    made.set(method, known);
    return known;
  };
  const [bus, actions, dialogs] = [new FakeBus(), [] as unknown[], [] as Mounted["dialogs"]];
  const notifications: string[] = [];
  const notified: NotifiedButton[] = [];
  const orm: Record<string, unknown> = {
    call: (_model: string, method: string, args: unknown[] = [], kwargs: object = {}) =>
      calls(method).call(args, kwargs),
  };
  orm["silent"] = orm;
  const services = {
    orm,
    bus_service: bus,
    action: { doAction: (action: unknown) => Promise.resolve(actions.push(action)) },
    dialog: {
      add: (dialog: ComponentConstructor, its: Record<string, unknown>) =>
        dialogs.push({ component: dialog, props: its }),
    },
    notification: {
      add: (message: string, { buttons = [] }: { buttons?: NotifiedButton[] } = {}) => {
        notifications.push(message);
        notified.push(...buttons);
        return () => {};
      },
    },
  };
  const env = { isSmall: options.isSmall ?? false, services };
  const app = new App(component, {
    env,
    props,
    test: true,
    translateFn: translated,
    translatableAttributes: ["data-tooltip", "placeholder", "aria-label", "title", "label", "alt"],
  });
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
  const texts = (selector: string) =>
    [...root.querySelectorAll(selector)].map((it) => it.textContent?.trim() ?? "");
  return {
    calls,
    bus,
    actions,
    dialogs,
    notifications,
    pressNotified: (name) => notified.findLast((button) => button.name === name)?.onClick(),
    root,
    text: (selector) => texts(selector)[0] ?? "",
    texts,
    find: (selector) => {
      const found = root.querySelector<HTMLElement>(selector);
      if (found === null) throw new Error(`nothing matches ${selector}`);
      return found;
    },
    settled,
    destroy: () => {
      app.destroy();
      root.remove();
    },
  };
}
