/**
 * Whether counts are what chance gives at least once in a thousand times (Pearson's chi-square test; the
 * distribution by the cube root approximation of Wilson and Hilferty, 1931).
 * @param expected at least 5 each
 */
export function isPlausible(observed: readonly number[], expected: readonly number[]): boolean {
  const statistic = observed.reduce((sum, count, index) => {
    const wanted = expected[index] ?? Number.NaN
    return sum + (count - wanted) ** 2 / wanted
  }, 0)
  const freedom = observed.length - 1
  if (freedom === 0) return statistic === 0
  const spread = 2 / (9 * freedom)
  const deviation = (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread)
  return deviation < 3.09
}
