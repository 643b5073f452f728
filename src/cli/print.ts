import type { Refusal } from './refusal.ts'
import { printable, printableJson, type Terminal } from './terminal.ts'

/** A refusal as one line: `content/articles/x.md:5: titel: unbekannter Schlüssel (meinten Sie „title“?)`. */
export function refusalLine(
  { file, line, key, message }: Refusal,
  terminal: Pick<Terminal, 'paint'>,
): string {
  const where = terminal.paint('bold', `${printable(file)}:${line}:`)
  return `${where} ${key ? `${printable(key)}: ` : ''}${printable(message)}`
}

export const printJson = (value: unknown, terminal: Terminal): void => terminal.out(printableJson(value))
