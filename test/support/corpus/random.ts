/** Chance that comes out the same every time: mulberry32, a generator of 32-bit state, good enough for texts. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 (inclusive) to 1 (exclusive). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** A whole number from `least` to `most`, both inclusive. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  pick<T>(from: readonly T[]): T {
    const one = from[Math.floor(this.next() * from.length)]
    if (one === undefined) throw new Error('nothing to pick from')
    return one
  }

  /** Picks as words are used (Zipf): the n-th about 1/n times as often as the first. */
  zipf<T>(from: readonly T[]): T {
    const total = from.reduce((sum, _, index) => sum + 1 / (index + 1), 0)
    let left = this.next() * total
    for (const [index, one] of from.entries()) {
      left -= 1 / (index + 1)
      if (left < 0) return one
    }
    return this.pick(from)
  }
}
