/**
 * How the cost of a step grows with its input: a ratio holds on any machine, milliseconds do not.
 *
 * Sizes lie above a quarter of a megabyte where they can: below it memory comes from caches, and the
 * first larger input is dearer for that alone.
 */

/** Linear work is 4 times dearer for 4 times the input, the square 16 times: what lies between is noise. */
export const LINEAR = 9;

/** Below this the processor's clock, a collection of garbage and a page fault are all that is measured. */
const MEASURABLE_MS = 60;
/** A step that is still too fast to be measured after so many repetitions is fast enough. */
const MOST_TIMES = 256;
const RUNS = 4;

/**
 * How many times dearer the step is for 4 times the size, by the least of some runs each.
 *
 * A step that is too fast to be measured is repeated, not made larger: inputs of many megabytes
 * measure the memory of the machine.
 *
 * @param make the input of a size, made once and outside what is measured
 */
export function growth<T>(
  make: (size: number) => T,
  step: (input: T) => void,
  size: number,
): number {
  const [small, large] = [make(size), make(4 * size)];
  step(large); // compiled before it is measured
  let times = 1;
  let base = leastMs(small, step, times);
  while (base < MEASURABLE_MS && times < MOST_TIMES) {
    times *= 2;
    base = leastMs(small, step, times);
  }
  return leastMs(large, step, times) / Math.max(base, MEASURABLE_MS / 2);
}

/** Milliseconds of this thread's time: what others do on the machine does not count. */
function leastMs<T>(input: T, step: (input: T) => void, times: number): number {
  const costs = Array.from({ length: RUNS }, () => {
    const before = process.threadCpuUsage();
    for (let time = 0; time < times; time += 1) step(input);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...costs);
}
