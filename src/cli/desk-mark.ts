import type { Listed } from '../publish/wire.ts'
import type { DocumentFile } from './content-folder.ts'

/**
 * The line by which a campaign's file says which version from the desk it knows of. It stands in the file, so that it
 * goes where the content goes: through Git, to colleagues, and into their branches.
 */
const MARK = /^# mw pull ([0-9a-f]{16})\b.*(?:\r?\n|$)/m

/** The version from the desk that a campaign's file knows of; null where it knows of none. */
export const deskMarkIn = (text: string): string | null => MARK.exec(text)?.[1] ?? null

/** A campaign's file that knows of a version from the desk. */
export const withDeskMark = (text: string, mark: string, say: string): string =>
  `# mw pull ${mark} – ${say}\n${withoutDeskMark(text)}`

export const withoutDeskMark = (text: string): string => text.replace(MARK, '')

/** Whether a file knows of everything that was done at the desk to its campaign. */
export function knowsOfDesk({ source }: DocumentFile, desk: Listed['desk']): boolean {
  if (!desk) return true
  const mark = source?.deskMark ?? null
  // What was changed at the desk and back again is as it was.
  return mark === desk.mark || (mark === null && desk.mark === desk.filed)
}
