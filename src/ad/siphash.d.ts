declare module 'siphash' {
  /** SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein, 2012). */
  const siphash: {
    /** @param key four unsigned 32-bit numbers */
    hash(key: ArrayLike<number>, message: Uint8Array | string): { h: number; l: number }
    /** The same as 16 hexadecimal digits. */
    hash_hex(key: ArrayLike<number>, message: Uint8Array | string): string
  }
  export default siphash
}
