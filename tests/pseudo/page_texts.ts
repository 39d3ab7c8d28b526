/** Every text that a page shows, with the place that it stands in. */
import type { Page } from "playwright-core";

export interface Shown {
  text: string;
  /** The nearest elements, outermost first. */
  where: string;
}

/**
 * What is not said to the reader: what people wrote at the time (the messages of a chatter), names of
 * activities, programs' own text, and lines of documents, which are said to whoever gets them.
 */
const SAID = [
  ".o-mail-Message-content",
  ".o-mail-Activity",
  ".o_activity_type_cell",
  ".ace_content",
  ".o_debug_manager",
  ".o_field_product_label_section_and_note_cell",
].join(", ");

export function textsOf(page: Page): Promise<Shown[]> {
  return page.evaluate((said) => {
    const found = new Map<string, string>();
    const place = (element: Element) => {
      const path: string[] = [];
      for (let it: Element | null = element; it && path.length < 4; it = it.parentElement) {
        const name = it.getAttribute("name");
        const kind = it.getAttribute("class")?.split(/\s+/).slice(0, 2).join(".") ?? "";
        path.unshift(`${it.localName}${kind ? `.${kind}` : ""}${name ? `[${name}]` : ""}`);
      }
      return path.join(" ");
    };
    const add = (text: string | null, element: Element) => {
      const plain = (text ?? "").replaceAll(/\s+/g, " ").trim();
      if (/\p{L}/u.test(plain) && !found.has(plain)) found.set(plain, place(element));
    };
    const isShown = (element: Element) =>
      element.closest(said) === null &&
      (element.localName === "option" || element.checkVisibility({ visibilityProperty: true }));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      if (element === null || /^(script|style|noscript|template)$/.test(element.localName))
        continue;
      if (isShown(element)) add(node.nodeValue, element);
    }
    for (const name of ["placeholder", "title", "aria-label", "alt", "data-tooltip"]) {
      for (const element of document.body.querySelectorAll(`[${name}]`)) {
        if (isShown(element)) add(element.getAttribute(name), element);
      }
    }
    return [...found].map(([text, where]) => ({ text, where }));
  }, SAID);
}
