/** Positions for people and machines: `ISA1/GS1/ST3/AT7[2]-05`. */

/** The path of a segment's n-th occurrence, and of an element in it. */
export function segmentPath(base: string, id: string, occurrence: number, element = 0): string {
  const nth = occurrence > 1 ? `[${occurrence}]` : "";
  const name = id.slice(0, 3);
  return `${base}/${name}${nth}${element > 0 ? `-${String(element).padStart(2, "0")}` : ""}`;
}
