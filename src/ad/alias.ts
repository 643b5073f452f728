/**
 * Draws from a fixed distribution in the same time however long it is: Vose's alias method
 * (M. D. Vose, IEEE Transactions on Software Engineering 17, 1991).
 */
export class AliasTable {
  readonly length: number
  readonly #chances: Float64Array
  readonly #aliases: Uint32Array

  /** @param weights at least 0 each; one of them greater */
  constructor(weights: readonly number[]) {
    const { length } = weights
    this.length = length
    this.#chances = new Float64Array(length).fill(1)
    this.#aliases = Uint32Array.from(weights, (_, index) => index)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const scaled = weights.map((weight) => (weight * length) / total)
    const small = scaled.flatMap((weight, index) => (weight < 1 ? [index] : []))
    const large = scaled.flatMap((weight, index) => (weight < 1 ? [] : [index]))
    while (small.length > 0 && large.length > 0) {
      const [less, more] = [small.pop() ?? 0, large.at(-1) ?? 0]
      const chance = scaled[less] ?? 0
      this.#chances[less] = chance
      this.#aliases[less] = more
      const rest = (scaled[more] ?? 0) - (1 - chance)
      scaled[more] = rest
      if (rest < 1) small.push(large.pop() ?? 0)
    }
  }

  /**
   * An index, with a chance in proportion to its weight.
   * @param random from 0 (inclusive) to 1 (exclusive)
   */
  draw(random: number): number {
    const place = random * this.length
    const index = Math.floor(place)
    return place - index < (this.#chances[index] ?? 1) ? index : (this.#aliases[index] ?? index)
  }
}
