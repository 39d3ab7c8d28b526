import { PRIORITIES, type Priority } from "../../../canonical/reading.ts";

/** The priority that a row holds as its place in `PRIORITIES`. */
export function priorityOf(index: number): Priority {
  return PRIORITIES[index] ?? "position";
}
