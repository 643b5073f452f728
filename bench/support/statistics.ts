/** The value below which a share (0 to 1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** Median of the ratios of each round: what slows the machine down for a while slows both sides of a round. */
export const medianRatio = (ours: readonly number[], bare: readonly number[]): number =>
  median(ours.map((value, round) => value / (bare[round] ?? Number.NaN)))

/** `12,345` as the table shows it. */
export const count = (value: number): string => Math.round(value).toLocaleString('en')
