declare module 'siphash' {
  /** SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein, 2012). */
  const siphash: {
    /** @param key four unsigned 32-bit numbers */
    hash(key: ArrayLike<number>, message: Uint8Array | string): { h: number; l: number }
  }
  export default siphash
}
