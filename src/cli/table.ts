/** Rows as lines with aligned columns. */
export function table(
  rows: readonly (readonly string[])[],
  alignments: readonly ('left' | 'right')[],
): string[] {
  const widths = alignments.map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))))
  return rows.map((row) =>
    alignments
      .map((alignment, column) => {
        const text = row[column] ?? ''
        const space = ' '.repeat((widths[column] ?? 0) - width(text))
        return alignment === 'right' ? space + text : text + space
      })
      .join('  ')
      .trimEnd(),
  )
}

/** How many characters a reader counts. */
const width = (text: string) => [...new Intl.Segmenter().segment(text)].length
