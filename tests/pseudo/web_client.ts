/** Odoo's web client, asked by name what a person would ask with the mouse. */
import type { Page } from "playwright-core";

export interface Screen {
  action: number;
  name: string;
}

interface Menu {
  actionID: number | false;
  xmlid: string;
  name: string;
}

/** The product's menus of whoever is logged in on the page. */
export async function menusOf(page: Page, url: string): Promise<Screen[]> {
  const answer = await page.request.get(`${url}/web/webclient/load_menus`);
  const menus = Object.values((await answer.json()) as Record<string, Menu>);
  const screens = new Map<number, string>();
  for (const { actionID, xmlid, name } of menus) {
    if (actionID !== false && xmlid?.startsWith("milepost")) screens.set(actionID, name);
  }
  return [...screens].map(([action, name]) => ({ action, name }));
}

interface Action {
  res_model?: string;
  views?: [unknown, string][];
}

interface WebClient {
  odoo: {
    __WOWL_DEBUG__: {
      root: {
        env: {
          services: {
            action: {
              doAction(action: object | number, options: object): Promise<void>;
              loadAction(action: number): Promise<Action>;
            };
            orm: {
              call(
                model: string,
                method: string,
                args: unknown[],
                named?: object,
              ): Promise<unknown>;
            };
          };
        };
      };
    };
  };
}

/** What the server answers when it refuses: a sentence for whoever asked. */
interface Refusal {
  cause?: Refusal;
  data?: { message?: string };
}

/**
 * Opens an action without loading the web client anew.
 *
 * @returns what Odoo says instead, when it refuses
 */
export async function open(
  page: Page,
  action: number | object,
  options: object = {},
): Promise<string | undefined> {
  const refused = await page.evaluate(
    async ([what, how]) => {
      const { env } = (window as unknown as WebClient).odoo.__WOWL_DEBUG__.root;
      try {
        await env.services.action.doAction(what, { clearBreadcrumbs: true, ...how });
        return undefined;
      } catch (error) {
        const refusal = error as Refusal;
        const said = refusal.data?.message ?? refusal.cause?.data?.message;
        if (said === undefined) throw error;
        return said;
      }
    },
    [action, options] as const,
  );
  await settled(page);
  return refused;
}

/** The model of an action and the types of its views; no model for one of the client. */
export function viewsOf(page: Page, action: number): Promise<{ model: string; views: string[] }> {
  return page.evaluate(async (id) => {
    const { env } = (window as unknown as WebClient).odoo.__WOWL_DEBUG__.root;
    const { res_model: model = "", views = [] } = await env.services.action.loadAction(id);
    return { model, views: views.map(([, type]) => type) };
  }, action);
}

export function search(
  page: Page,
  model: string,
  domain: unknown[],
  fields: string[],
): Promise<unknown> {
  return page.evaluate(
    ([name, what, columns]) => {
      const { orm } = (window as unknown as WebClient).odoo.__WOWL_DEBUG__.root.env.services;
      return orm.call(name, "search_read", [what, columns]);
    },
    [model, domain, fields] as const,
  );
}

/** A record of each state that there is, six at most; none of what this person may not read. */
export function recordsOf(page: Page, model: string, domain: unknown[] = []): Promise<number[]> {
  return page.evaluate(
    async ([name, which]) => {
      const { orm } = (window as unknown as WebClient).odoo.__WOWL_DEBUG__.root.env.services;
      if ((await orm.call(name, "has_access", [[], "read"])) !== true) return [];
      const known = (await orm.call(name, "fields_get", [], { attributes: ["store"] })) as Record<
        string,
        { store: boolean }
      >;
      const states = ["state", "billing_state", "kind", "reason"].filter(
        (one) => known[one]?.store,
      );
      const rows = (await orm.call(name, "search_read", [which, states], { limit: 300 })) as {
        id: number;
      }[];
      const first = new Map<string, number>();
      for (const row of rows) {
        const state = states.map((one) => String((row as Record<string, unknown>)[one])).join();
        if (!first.has(state)) first.set(state, row.id);
      }
      return [...first.values()].slice(0, 6);
    },
    [model, domain] as const,
  );
}

/** Nothing is loading, and what was loaded is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector(
        ".o_loading_indicator, .o_mp_content[aria-busy=true], .fa-spin, .o_blockUI",
      ) === null,
    undefined,
    { timeout: 20_000 },
  );
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60))),
  );
}
