import type * as v from 'valibot'
import type { Texts } from '../locale/de.ts'
import type { Issue } from './issue.ts'
import type { Issue as WireIssue } from './wire.ts'

/** An issue in words: „unbekannter Schlüssel (meinten Sie „title“?)“. */
export function sayIssue(issue: Issue, texts: Texts): string {
  const hints = [
    issue.expected ? texts.issue.expected(texts.expected[issue.expected]) : '',
    issue.nearest ? texts.issue.nearest(issue.nearest) : '',
  ].filter(Boolean)
  const subject =
    issue.got === undefined ? texts.issue[issue.code] : `${texts.issue[issue.code]}: ${issue.got}`
  return hints.length > 0 ? `${subject} (${hints.join('; ')})` : subject
}

export const sayIssues = (issues: readonly Issue[], texts: Texts): v.InferOutput<typeof WireIssue>[] =>
  issues.map((issue) => ({ ...issue, detail: sayIssue(issue, texts) }))
