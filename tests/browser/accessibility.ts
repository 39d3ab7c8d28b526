/** axe-core on the product's own part of a page. */
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const SCRIPT = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

/** Each fault as `rule: element`; Odoo's own bars are Odoo's. */
export async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: SCRIPT });
  const results = await page.evaluate(() => {
    const { axe } = window as unknown as {
      axe: { run(context: object): Promise<AxeResults> };
    };
    // Under a dialog the rest of the page is out of reach.
    const dialog = document.querySelector(".o_mp_release_form");
    const own = dialog === null ? [".o_mp_content", ".o_mp_live"] : [".o_mp_release_form"];
    const there = own.filter((selector) => document.querySelector(selector) !== null);
    return axe.run({ include: there.map((selector) => [selector]) });
  });
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`),
  );
}
