declare module 'subset-font' {
  /** Cuts a font down to the glyphs of a text, and a variable one to a single point of its axes. */
  export default function subsetFont(
    font: Buffer,
    text: string,
    options: {
      targetFormat: 'woff2' | 'sfnt'
      variationAxes: Readonly<Record<string, number>>
      keepFeatures: readonly string[]
    },
  ): Promise<Buffer>
}
