/** A walk through what a role can open; every text that was read on the way is kept. */
import type { Page } from "playwright-core";
import { textsOf, type Shown } from "./page_texts.ts";
import { HOST_MODELS, ownActions } from "./screens.ts";
import { menusOf, open, recordsOf, settled, viewsOf, type Screen } from "./web_client.ts";

export interface Found extends Shown {
  /** Who read it, and where. */
  on: string;
}

/** Buttons that a form, or a list's head, has of its own. */
const BUTTONS = [
  ".o_statusbar_buttons button[name]",
  ".o_form_button_box button[name]",
  ".o-form-buttonbox button[name]",
  ".o_form_sheet button[name]",
  ".o_form_view .alert button[name]",
  ".o-dropdown--menu button[name]",
].join(", ");
/** What a phone folds a form's buttons into. */
const FOLDED = ".o_statusbar_buttons .o-dropdown";
const MENU = ".o-dropdown--menu";
/** Buttons that open another thing on each record. */
const BY_RECORD = new Set(["action_fix", "action_assign"]);
const NEW = ".o_list_button_add, .o-kanban-button-new";

/** Looks at a screen and gives its findings. */
export type Look = (page: Page, on: string) => Promise<string[]>;

export class Crawl {
  readonly found = new Map<string, Found>();
  /** Screens that did not open, with the reason. */
  readonly failed: string[] = [];
  /** Screens that were read. */
  screens = 0;
  readonly #page: Page;
  readonly #role: string;
  readonly #look: Look;
  /** Models whose records were opened, and buttons that were tried. */
  readonly #tried = new Set<string>();

  /** @param look what else is to be seen on each screen; its findings are failures */
  constructor(page: Page, role: string, look: Look = () => Promise.resolve([])) {
    this.#page = page;
    this.#role = role;
    this.#look = look;
  }

  /** Everything that this role can open. */
  async all(url: string): Promise<void> {
    for (const screen of await menusOf(this.#page, url)) {
      await this.#attempt(screen.name, () => this.#menu(screen));
    }
    await this.records(url);
  }

  /** Records of each kind with their tabs, and what their buttons open. */
  async records(url: string): Promise<void> {
    for (const screen of await menusOf(this.#page, url)) {
      await this.#attempt(`${screen.name}, records`, () => this.#records(screen));
    }
  }

  /** A page outside of the web client. */
  async page(url: string): Promise<void> {
    const answer = await this.#page.goto(url);
    if (answer?.ok() !== true) this.failed.push(`${this.#role}: ${url} gives ${answer?.status()}`);
    await this.#take(new URL(url).pathname);
  }

  /** Records of Odoo's own kinds that have fields and buttons of ours. */
  async hosts(): Promise<void> {
    for (const model of HOST_MODELS) {
      await this.form(model);
    }
  }

  /** The product's dialogs and screens that no menu opens, upon a record. */
  async actions(url: string): Promise<void> {
    const behindMenus = new Set((await menusOf(this.#page, url)).map((it) => it.action));
    for (const { id, name, model } of await ownActions(this.#page)) {
      if (behindMenus.has(id)) continue;
      const upon = model === "" ? [] : await recordsOf(this.#page, model);
      await this.#attempt(`action ${name}`, async () => {
        const additionalContext = { active_model: model, active_id: upon[0], active_ids: upon };
        await this.#show(`action ${name}`, id, { additionalContext });
      });
    }
  }

  /** A dialog that a record opens only in a situation that is not told here. */
  async wizard(model: string, context: object): Promise<void> {
    const views = [[false, "form"]];
    const action = {
      type: "ir.actions.act_window",
      res_model: model,
      views,
      target: "new",
      context,
    };
    await this.#attempt(model, () => this.#show(model, action));
  }

  /** Opens an action; where Odoo refuses, its sentence is what is read. */
  async #show(on: string, action: number | object, options: object = {}): Promise<void> {
    const refused = await open(this.#page, action, options);
    if (refused === undefined) return this.#take(on);
    this.found.set(refused, { text: refused, where: "refusal", on: `${this.#role}, ${on}` });
  }

  async #take(on: string): Promise<void> {
    this.screens++;
    for (const finding of await this.#look(this.#page, on)) {
      this.failed.push(`${this.#role}, ${on}: ${finding}`);
    }
    for (const one of await textsOf(this.#page)) {
      if (!this.found.has(one.text)) {
        this.found.set(one.text, { ...one, on: `${this.#role}, ${on}` });
      }
    }
  }

  async #attempt(on: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const [reason, , cause] = String(error).split("\n");
      this.failed.push(`${this.#role}, ${on}: ${reason} ${cause}`);
    }
    await this.#closeDialogs(on);
  }

  async #menu({ action, name }: Screen): Promise<void> {
    await open(this.#page, action);
    await this.#take(name);
    if ((await this.#page.locator(".modal").count()) > 0) return;
    await this.#opened(name, ".o_searchview_dropdown_toggler");
    await this.#opened(name, ".o_cp_action_menus button");
    const { views } = await viewsOf(this.#page, action);
    for (const viewType of views.slice(1).filter((it) => it !== "form")) {
      await open(this.#page, action, { viewType });
      await this.#take(`${name}, ${viewType}`);
    }
  }

  /** What stands in a menu that drops down. */
  async #opened(on: string, toggler: string): Promise<void> {
    const toggle = this.#page.locator(toggler);
    if ((await toggle.count()) !== 1 || !(await toggle.isVisible())) return;
    await toggle.click();
    await settled(this.#page);
    await this.#take(`${on}, ${toggler}`);
    await this.#page.keyboard.press("Escape");
  }

  async #records({ action, name }: Screen): Promise<void> {
    const { model, views, domain } = await viewsOf(this.#page, action);
    if (model === "" || !views.includes("form") || this.#isKnown(`${model} ${action}`)) return;
    await this.#new(action, name);
    for (const resId of await recordsOf(this.#page, model, domain)) {
      const how = { viewType: "form", props: { resId } };
      await this.#record(name, model, resId, () => open(this.#page, action, how));
    }
  }

  /** The empty form, as its button opens it: whoever has no button may make none. */
  async #new(action: number, name: string): Promise<void> {
    await open(this.#page, action);
    const button = this.#page.locator(NEW);
    if ((await button.count()) !== 1 || !(await button.isVisible())) return;
    await button.click();
    await settled(this.#page);
    await this.#take(`${name} new`);
    await this.#tabs(`${name} new`);
  }

  /** The form of the first record that there is. */
  async form(model: string, domain: unknown[] = []): Promise<void> {
    await this.#attempt(model, async () => {
      const [id] = await recordsOf(this.#page, model, domain);
      if (id === undefined) return;
      const views = [[false, "form"]];
      const action = { type: "ir.actions.act_window", res_model: model, res_id: id, views };
      await this.#record(model, model, id, () => open(this.#page, action));
    });
  }

  async #record(
    name: string,
    model: string,
    id: number,
    show: () => Promise<unknown>,
  ): Promise<void> {
    const on = `${name} ${id}`;
    await show();
    await this.#take(on);
    await this.#tabs(on);
    await this.#opened(on, ".o_cp_action_menus button");
    if (model.startsWith("milepost.")) await this.#buttons(model, on, show);
  }

  async #tabs(on: string): Promise<void> {
    for (const tab of await this.#page.locator(".o_notebook .nav-link").all()) {
      await tab.click();
      await settled(this.#page);
      await this.#take(on);
    }
  }

  /** Each button of a model once: what it opens, and what it says when it refuses. */
  async #buttons(model: string, on: string, show: () => Promise<unknown>): Promise<void> {
    await this.#unfold();
    const names = await this.#page
      .locator(BUTTONS)
      .evaluateAll((buttons) =>
        buttons.filter((it) => it.checkVisibility()).map((it) => it.getAttribute("name") ?? ""),
      );
    await this.#fold();
    await show();
    for (const name of names) {
      if (this.#isKnown(`${model}.${name}`) && !BY_RECORD.has(name)) continue;
      await this.#attempt(`${on}, ${name}`, async () => {
        await this.#press(name);
        await this.#take(`${on}, ${name}`);
      });
      await show();
    }
  }

  async #press(name: string): Promise<void> {
    const button = this.#page.locator(`button[name="${name}"]:visible`).first();
    if (!(await button.isVisible())) await this.#unfold();
    await button.click();
    await settled(this.#page);
  }

  /** Shows the buttons that a phone folds. */
  async #unfold(): Promise<void> {
    const more = this.#page.locator(FOLDED);
    if ((await more.count()) !== 1) return;
    await more.click();
    await settled(this.#page);
  }

  /** A menu that stays open would show buttons of a form that is gone. */
  async #fold(): Promise<void> {
    const menu = this.#page.locator(MENU);
    if ((await menu.count()) === 0) return;
    await this.#page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
  }

  async #closeDialogs(on: string): Promise<void> {
    const dialogs = this.#page.locator(".modal");
    for (let tries = 0; tries < 5 && (await dialogs.count()) > 0; tries++) {
      await this.#take(`${on}, dialog`);
      await this.#page.keyboard.press("Escape");
      await settled(this.#page);
    }
  }

  #isKnown(name: string): boolean {
    const known = this.#tried.has(name);
    this.#tried.add(name);
    return known;
  }
}
