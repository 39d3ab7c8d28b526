/** Odoo's web client, asked by name what a person would ask with the mouse. */
import type { Page, Request } from "playwright-core";

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
  domain?: string | unknown[];
}

interface Domains {
  Domain: new (domain: string | unknown[]) => { toList(context: object): unknown[] };
}

interface Users {
  user: { userId: number };
}

interface WebClient {
  odoo: {
    loader: { modules: Map<string, unknown> };
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

export interface ActionViews {
  /** None for an action of the client. */
  model: string;
  views: string[];
  /** Which records it shows. */
  domain: unknown[];
}

export function viewsOf(page: Page, action: number): Promise<ActionViews> {
  return page.evaluate(async (id) => {
    const { odoo } = window as unknown as WebClient;
    const { Domain } = odoo.loader.modules.get("@web/core/domain") as Domains;
    const { user } = odoo.loader.modules.get("@web/core/user") as Users;
    const it = await odoo.__WOWL_DEBUG__.root.env.services.action.loadAction(id);
    return {
      model: it.res_model ?? "",
      views: (it.views ?? []).map(([, type]) => type),
      domain: new Domain(it.domain || []).toList({ uid: user.userId }),
    };
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

/** What tells records of a kind apart on their screens; what is rare comes first. */
const TOLD_APART = [
  "has_advice",
  "difference",
  "difference_count",
  "scope",
  "state",
  "billing_state",
  "kind",
  "reason",
];

/** A record for each state that there is, eight at most; none of what this person may not read. */
export function recordsOf(page: Page, model: string, domain: unknown[] = []): Promise<number[]> {
  return page.evaluate(
    async ([name, which, toldApart]) => {
      const { orm } = (window as unknown as WebClient).odoo.__WOWL_DEBUG__.root.env.services;
      if ((await orm.call(name, "has_access", [[], "read"])) !== true) return [];
      const known = (await orm.call(name, "fields_get", [], { attributes: ["type"] })) as object;
      const columns = toldApart.filter((one) => one in known);
      const rows = (await orm.call(name, "search_read", [which, columns], { limit: 300 })) as ({
        id: number;
      } & Record<string, unknown>)[];
      const chosen = new Set(rows.slice(0, 1).map(({ id }) => id));
      for (const column of columns) {
        const values = new Set(rows.filter(({ id }) => chosen.has(id)).map((row) => row[column]));
        for (const row of rows) {
          if (!values.has(row[column])) chosen.add(row.id);
          values.add(row[column]);
        }
      }
      return [...chosen].slice(0, 8);
    },
    [model, domain, TOLD_APART] as const,
  );
}

/** Questions that each page asked Odoo and that are not answered yet. */
const asked = new WeakMap<Page, Set<Request>>();
/** Of so many looks a question that is never answered is no reason to wait longer. */
const LOOKS = 300;
const QUESTION = /\/web\/(?:dataset|action)\//;

function askedBy(page: Page): Set<Request> {
  const known = asked.get(page);
  if (known !== undefined) return known;
  const pending = new Set<Request>();
  asked.set(page, pending);
  page.on("request", (request) => QUESTION.test(request.url()) && pending.add(request));
  page.on("requestfinished", (request) => pending.delete(request));
  page.on("requestfailed", (request) => pending.delete(request));
  return pending;
}

/**
 * Nothing is loading, and what was loaded is drawn. Between a button and its dialog there are several
 * questions, and Odoo's own indicator comes a while after the first.
 */
export async function settled(page: Page): Promise<void> {
  const pending = askedBy(page);
  for (let look = 0; look === 0 || (pending.size > 0 && look < LOOKS); look++) {
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
}
