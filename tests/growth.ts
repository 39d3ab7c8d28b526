/** How the cost of a step grows with its input: a ratio holds on any machine, milliseconds do not. */

/** Linear work is 4 times dearer for 4 times the input, the square 16 times: what lies between is noise. */
export const LINEAR = 9;

/** Below this the processor's clock, a collection of garbage and a page fault are all that is measured. */
const MEASURABLE_MS = 25;
/** A step that is still too fast to be measured after so many doublings is fast enough. */
const DOUBLINGS = 5;
const RUNS = 4;

/**
 * How many times dearer the step is for 4 times the size, by the least of some runs each.
 *
 * @param make the input of a size, made once and outside what is measured
 * @param size to begin with; it is doubled until the step takes long enough to be measured
 */
export function growth<T>(
  make: (size: number) => T,
  step: (input: T) => void,
  size: number,
): number {
  step(make(size)); // compiled before it is measured
  let base = leastMs(make(size), step);
  for (let round = 0; base < MEASURABLE_MS && round < DOUBLINGS; round += 1) {
    size *= 2;
    base = leastMs(make(size), step);
  }
  return leastMs(make(4 * size), step) / Math.max(base, MEASURABLE_MS / 2);
}

/** Milliseconds of this thread's time: what others do on the machine does not count. */
function leastMs<T>(input: T, step: (input: T) => void): number {
  const costs = Array.from({ length: RUNS }, () => {
    const before = process.threadCpuUsage();
    step(input);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...costs);
}
