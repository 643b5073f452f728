import type { Figure } from './figure.ts'

/** The figures as a table in Markdown, its columns aligned for a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [
    ['figure', 'measured', 'target', ''],
    ...figures.map(({ figure, measured, target, isMet }) => [figure, measured, target, isMet ? '✓' : '✗']),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(Math.max(width, 1))).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}
