/** Marks a change for a moment, unless the user asked the system for less motion. */
export function flash(element: HTMLElement | null): void {
  const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
  if (element === null || still) return;
  const colour = getComputedStyle(element).getPropertyValue("--o-mp-flash");
  element.animate?.([{ boxShadow: `inset 0 0 0 100vmax ${colour}` }, {}], {
    duration: 1400,
    easing: "ease-out",
  });
}
