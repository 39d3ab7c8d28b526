/** The part of Odoo 19's web client that is used here. Odoo ships no types of its own. */

declare module "@web/core/l10n/translation" {
  // oxlint-disable-next-line no-underscore-dangle -- the name that Odoo gave it
  export function _t(source: string, ...substitutions: unknown[]): string;
}

declare module "@web/core/l10n/dates" {
  import type { DateTime } from "luxon";
  /** Reads a value of the server (UTC) as an instant in the user's zone. */
  export function deserializeDateTime(value: string): DateTime;
  /** Writes an instant as the server reads it (UTC). */
  export function serializeDateTime(value: DateTime): string;
}

declare module "@web/core/currency" {
  export function formatCurrency(amount: number, currencyId: number): string;
}

declare module "@web/core/dialog/dialog" {
  import { Component } from "@odoo/owl";
  export class Dialog extends Component {}
}

declare module "@web/core/registry" {
  interface Category<Entry> {
    /** Entries are ordered by sequence. */
    add(key: string, entry: Entry, options?: { sequence: number }): Category<Entry>;
    getAll(): Entry[];
  }
  export const registry: { category<Entry = unknown>(name: string): Category<Entry> };
}

declare module "@web/core/browser/browser" {
  export const browser: {
    setTimeout(callback: () => void, milliseconds: number): number;
    clearTimeout(handle: number | undefined): void;
    setInterval(callback: () => void, milliseconds: number): number;
    clearInterval(handle: number | undefined): void;
    localStorage: Pick<Storage, "getItem" | "setItem">;
  };
}

declare module "@web/core/browser/router" {
  /** What the address says: the action's path, `resId`, and what boards put there. */
  export const router: { readonly current: Record<string, unknown> };
}

declare module "@web/core/utils/concurrency" {
  export class KeepLast {
    add<T>(promise: Promise<T>): Promise<T>;
  }
}

declare module "@web/core/utils/hooks" {
  import type { OdooServices } from "@web/services";
  export function useService<K extends keyof OdooServices>(name: K): OdooServices[K];
  export function useBus(bus: EventTarget, name: string, callback: () => void): void;
}

/** Not a module of Odoo: the services' types, told apart by name. */
declare module "@web/services" {
  export type Domain = readonly unknown[];
  export interface FieldDescription {
    selection?: readonly (readonly [string, string])[];
  }
  export interface ViewDescriptions {
    fields: Record<string, unknown>;
    views: { search: { id: number | false; arch: string; irFilters?: object[] } };
  }
  export interface OdooServices {
    orm: {
      call(model: string, method: string, args?: unknown[], kwargs?: object): Promise<unknown>;
      /** The same service without the loading indicator. */
      silent: OdooServices["orm"];
    };
    action: {
      doAction(action: object | string, options?: object): Promise<unknown>;
    };
    dialog: {
      /** Gives the function that closes it. The component gets `close` besides its own props. */
      add(component: unknown, props: object): () => void;
    };
    notification: {
      /** Gives the function that takes it away. */
      add(
        message: string,
        options: {
          type: "info" | "success" | "warning" | "danger";
          buttons?: { name: string; onClick: () => void }[];
        },
      ): () => void;
    };
    bus_service: EventTarget & {
      /** Connects, unless it is connected. */
      start(): Promise<void>;
      subscribe(type: string, callback: (payload: never) => void): void;
      unsubscribe(type: string, callback: (payload: never) => void): void;
    };
    view: {
      loadViews(
        params: { resModel: string; context: object; views: [number | false, string][] },
        options: { actionId?: number | false; loadIrFilters: boolean },
      ): Promise<ViewDescriptions>;
    };
    field: {
      loadFields(
        model: string,
        options: { fieldNames: string[]; attributes: string[] },
      ): Promise<Record<string, FieldDescription>>;
    };
  }
}

declare module "@web/search/action_hook" {
  export function useSetupAction(params: { getLocalState?: () => object }): void;
}

declare module "@web/search/layout" {
  import { Component } from "@odoo/owl";
  export class Layout extends Component {}
}

declare module "@web/search/search_bar/search_bar" {
  import { Component } from "@odoo/owl";
  export class SearchBar extends Component {}
}

declare module "@web/search/search_bar/search_bar_toggler" {
  import type { Component } from "@odoo/owl";
  export function useSearchBarToggler(): {
    component: typeof Component;
    props: { isSmall: boolean; showSearchBar: boolean; toggleSearchBar: () => void };
  };
}

declare module "@web/search/with_search/with_search" {
  import { Component } from "@odoo/owl";
  export class WithSearch extends Component {}
}

declare module "@web/core/user" {
  export const user: { readonly userId: number };
}

declare module "@web/views/list/list_controller" {
  import { Component, type ComponentConstructor } from "@odoo/owl";
  export class ListController extends Component {
    static components: Record<string, ComponentConstructor>;
    model: {
      load(): Promise<void>;
      root: { getResIds(isSelected: boolean): Promise<number[]> };
    };
  }
}

declare module "@web/views/list/list_view" {
  export const listView: Record<string, unknown>;
}

declare module "@web/views/widgets/standard_widget_props" {
  /** The record of a form, or of a line of a list. */
  export interface ViewRecord {
    resId: number | false;
    data: Record<string, unknown>;
    model: { load(): Promise<void> };
  }
}

declare module "@web/webclient/actions/action_service" {
  export const standardActionServiceProps: Record<string, object>;
}
