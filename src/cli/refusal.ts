import type * as v from 'valibot'
import type { Issue } from '../publish/issue.ts'
import type { Issue as WireIssue } from '../publish/wire.ts'
import type { Source } from './source.ts'

/** One thing wrong with a content file, and where: a line of `mw check`. */
export interface Refusal {
  file: string
  line: number
  /** The key in the front matter, `image.alt`; `body` for the text; empty for the whole file. */
  key: string
  message: string
}

/** The line of a file that an issue is about. */
export function lineOfIssue(issue: Issue | v.InferOutput<typeof WireIssue>, source: Source): number {
  if (issue.bodyLine !== undefined) return source.bodyStart + issue.bodyLine - 1
  if (issue.key !== 'body') return source.lineOfKey(issue.key)
  const lines = source.body.split('\n')
  const at =
    issue.code === 'ad-marker'
      ? findMarker(lines)
      : lines.findIndex((line) => issue.got !== undefined && line.includes(issue.got))
  return source.bodyStart + Math.max(0, at)
}

const MARKER = /<!-{2}\s*ad\s*-->/
const MARKER_ALONE = /^<!-{2}\s*ad\s*-->\s*$/

/** The first `<!-- ad -->` that looks misplaced: at the start, below a heading, or inside something else. */
function findMarker(lines: readonly string[]): number {
  const markers = lines.flatMap((line, index) => (MARKER.test(line) ? [index] : []))
  const misplaced = markers.find((index) => {
    const above = lines.slice(0, index).findLast((line) => line.trim() !== '')
    return above === undefined || /^#{1,6}\s/.test(above) || !MARKER_ALONE.test(lines[index] ?? '')
  })
  return misplaced ?? markers[0] ?? 0
}
