/** What a benchmark prints, and the statistics that all of them share. */

export interface BenchResult {
  bench: string;
  /** Each measured in one run beside its yardstick: the median of the repeats. */
  ratios: Record<string, number>;
  /** Absolute figures and the spread of the ratios. */
  figures: Record<string, number>;
}

/** The value below which the share `p` (0–1) of the sample lies, by the nearest rank. */
export function percentile(sample: readonly number[], p: number): number {
  if (sample.length === 0) throw new Error("A percentile of no values");
  const sorted = sample.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
}

export const median = (sample: readonly number[]): number => percentile(sample, 0.5);

/** Rounded for printing: three significant digits say all that a noisy machine can. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
