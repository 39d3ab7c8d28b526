/** What the components import from Odoo's web client, as small as the tests need it. */
import { Component, onWillUnmount, useEnv, xml } from "@odoo/owl";
import { DateTime } from "luxon";

type Language = (text: string) => string;

const english: Language = (text) => text;
const reader = { language: english };

/** What is drawn from now on is said in another language; in none, as it is written. */
export function speak(language: Language = english): void {
  reader.language = language;
}

/** A text of a template, as Odoo hands it to Owl. */
export const translated: Language = (text) => reader.language(text);

// The name that Odoo gave it; like it, places the values in the text.
// oxlint-disable-next-line no-underscore-dangle
export function _t(source: string, ...values: unknown[]): string {
  return translated(source).replace(/%s/g, () => String(values.shift()));
}

export function deserializeDateTime(value: string): DateTime {
  return DateTime.fromSQL(value, { zone: "utc" }).setLocale("en");
}

export function serializeDateTime(value: DateTime): string {
  return value.toUTC().toFormat("yyyy-MM-dd HH:mm:ss");
}

/** A clock that stands still: what was put off happens when a test says so. */
export class StoppedClock {
  #next = 1;
  readonly #waiting = new Map<number, { callback: () => void; delay: number }>();

  setTimeout = (callback: () => void, delay: number): number => {
    this.#waiting.set(this.#next, { callback, delay });
    return this.#next++;
  };

  clearTimeout = (handle: number | undefined): void => {
    if (handle !== undefined) this.#waiting.delete(handle);
  };

  /** What waits, by the milliseconds that it was put off. */
  get delays(): number[] {
    return [...this.#waiting.values()].map(({ delay }) => delay);
  }

  /** Lets everything happen that waits for at most so long. */
  pass(milliseconds: number): void {
    const due = [...this.#waiting].filter(([, { delay }]) => delay <= milliseconds);
    for (const [handle, { callback }] of due) {
      this.#waiting.delete(handle);
      callback();
    }
  }

  clear(): void {
    this.#waiting.clear();
  }
}

export const clock = new StoppedClock();
const stored = new Map<string, string>();
export const browser = {
  setTimeout: clock.setTimeout,
  clearTimeout: clock.clearTimeout,
  setInterval: clock.setTimeout,
  clearInterval: clock.clearTimeout,
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    clear: () => stored.clear(),
  },
};

/** The address, as a test sets it. */
export const router: { current: Record<string, unknown> } = { current: {} };

export class KeepLast {
  #turn = 0;
  /** Like Odoo's: what was overtaken never settles. */
  add<T>(promise: Promise<T>): Promise<T> {
    const turn = ++this.#turn;
    return new Promise((resolve, reject) => {
      promise.then(
        (value) => turn === this.#turn && resolve(value),
        (error: unknown) => turn === this.#turn && reject(error as Error),
      );
    });
  }
}

export function useService(name: string): unknown {
  return useEnv<{ services: Record<string, unknown> }>().services[name];
}

export function useBus(bus: EventTarget, name: string, callback: () => void): void {
  bus.addEventListener(name, callback);
  onWillUnmount(() => bus.removeEventListener(name, callback));
}

export function useSetupAction(): void {}

export class Layout extends Component {
  static override template = xml`
    <t t-slot="control-panel-additional-actions"/>
    <t t-slot="layout-actions"/>
    <t t-slot="control-panel-navigation-additional"/>
    <t t-slot="default"/>`;
}

export class SearchBar extends Component {
  static override template = xml`<input class="o_searchview_input"/>`;
}

class Toggler extends Component {
  static override template = xml`<i/>`;
}

export function useSearchBarToggler(): object {
  return { component: Toggler, props: {} };
}

export class WithSearch extends Component {
  static override template = xml`<t t-slot="default" domain="[]"/>`;
}

/** The amount and the id of its currency. */
export function formatCurrency(amount: number, currencyId: number): string {
  return `${amount.toFixed(2)} #${currencyId}`;
}

export class Dialog extends Component {
  static override template = xml`
    <h4 t-out="props.title"/><t t-slot="default"/><t t-slot="footer"/>`;
}

/** Who looks at it. */
export const user = { userId: 7 };

export const standardActionServiceProps = { "*": true };

/** Entries by sequence, as Odoo's. */
class Category {
  readonly #entries = new Map<string, { sequence: number; entry: unknown }>();

  add(key: string, entry: unknown, { sequence = 50 } = {}): this {
    if (this.#entries.has(key)) throw new Error(`Cannot add key "${key}": it already exists`);
    this.#entries.set(key, { sequence, entry });
    return this;
  }

  remove(key: string): void {
    this.#entries.delete(key);
  }

  getAll(): unknown[] {
    const sorted = [...this.#entries.values()].sort((a, b) => a.sequence - b.sequence);
    return sorted.map(({ entry }) => entry);
  }
}

const categories = new Map<string, Category>();
export const registry = {
  category: (name: string): Category => {
    const known = categories.get(name) ?? new Category();
    categories.set(name, known);
    return known;
  },
};
