/**
 * Before any test: a document, and Odoo's modules replaced by stand-ins, so that the components
 * run as they are, without a server and without a bundle.
 */
import { registerHooks } from "node:module";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>", {
  url: "http://odoo.test/",
  pretendToBeVisual: true,
});
for (const name of Object.getOwnPropertyNames(window)) {
  if (name in globalThis && name !== "Event" && name !== "CustomEvent" && name !== "EventTarget") {
    continue;
  }
  const value: unknown = Reflect.get(window, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
Object.defineProperty(globalThis, "window", { value: window, configurable: true });

const STAND_INS = new URL("./odoo_stand_ins.ts", import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith("@web/")
      ? { url: STAND_INS, shortCircuit: true }
      : next(specifier, context),
});
