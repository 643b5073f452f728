/**
 * A table as CSV (RFC 4180): a line of names, a line for each row. Text that a spreadsheet would run as a formula
 * is given an apostrophe in front, as OWASP advises; numbers stay numbers.
 */
export function csv(rows: readonly (readonly (string | number)[])[], names: readonly string[]): string {
  return [names, ...rows].map((row) => row.map(field).join(',')).join('\r\n')
}

function field(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const text = /^\s*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n']/.test(text) || text.trim() !== text ? `"${text.replaceAll('"', '""')}"` : text
}
