/** What does not fit a phone: it stands beyond the right edge and nothing scrolls it into sight. */
import { join } from "node:path";
import type { Page } from "playwright-core";

/** With PSEUDO_SHOTS, a folder, each dialog is kept as a picture, too. */
export async function fitsPhone(page: Page, on: string): Promise<string[]> {
  const folder = process.env["PSEUDO_SHOTS"];
  if (folder !== undefined && (await page.locator(".modal").count()) > 0) {
    await page.screenshot({ path: join(folder, `${on.replaceAll(/[^\p{L}\d]+/gu, "_")}.png`) });
  }
  return beyondTheEdge(page);
}

function beyondTheEdge(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (element: Element) => {
      for (let it = element.parentElement; it !== null; it = it.parentElement) {
        const { overflowX } = getComputedStyle(it);
        if (overflowX === "auto" || overflowX === "scroll" || overflowX === "hidden") {
          if (it.getBoundingClientRect().right <= width + 1) return true;
        }
      }
      return false;
    };
    const dialog = [...document.querySelectorAll(".modal-content")].at(-1);
    const all = [...(dialog ?? document.body).querySelectorAll("*")];
    const wide = all.filter(
      (it) =>
        it.checkVisibility({ visibilityProperty: true }) &&
        it.getBoundingClientRect().width > 0 &&
        it.getBoundingClientRect().right > width + 1 &&
        !scrolls(it),
    );
    const outermost = wide.filter((it) => !wide.includes(it.parentElement as Element));
    return outermost.map((it) => {
      const right = Math.round(it.getBoundingClientRect().right);
      return `${it.localName}.${it.getAttribute("class") ?? ""} ends at ${right} of ${width}`;
    });
  });
}
