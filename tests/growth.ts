/** How the cost of a step grows with its input: a ratio holds on any machine, milliseconds do not. */

/** Milliseconds of processor time that a step takes: what others do on the machine does not count. */
function cpuMs(step: () => void): number {
  const before = process.cpuUsage();
  step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Linear work is 4 times dearer for 4 times the input, the square 16 times: what lies between is noise. */
export const LINEAR = 9;

/**
 * How many times dearer the step is for 4 times the size, by the least of three runs each.
 *
 * Choose a size that takes some 20 ms or more: below that the clock is too coarse, and a step that
 * takes less than a millisecond counts as one.
 */
export function growth(step: (size: number) => void, size: number): number {
  const least = (own: number) =>
    Math.min(...Array.from({ length: 3 }, () => cpuMs(() => step(own))));
  step(size); // compiled before it is measured
  return least(4 * size) / Math.max(least(size), 1);
}
