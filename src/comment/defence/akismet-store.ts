import * as v from 'valibot'
import { Reason } from '../queue-store.ts'

/** SQL of what Akismet was told after it had erred: `verdict.told` is what it holds a comment for since. */

/** What Akismet holds a comment for; NULL where it never said, and is not to be corrected. */
const HELD_FOR = `ifnull(c.verdict ->> '$.told', (SELECT iif(r.value ->> 'signal' = 'akismetHam', 'ham', 'spam')
  FROM json_each(c.verdict, '$.reasons') r WHERE r.value ->> 'signal' IN ('akismetHam', 'akismetSpam', 'akismetDiscard') LIMIT 1))`

const Verdict = v.pipe(v.string(), v.parseJson(), v.object({ reasons: v.array(Reason) }))
const ErrorRow = v.object({
  id: v.number(),
  article: v.string(),
  name: v.string(),
  website: v.nullable(v.string()),
  text: v.string(),
  ipHash: v.nullable(v.string()),
  createdAt: v.string(),
  told: v.picklist(['spam', 'ham']),
  verdict: Verdict,
})
export type ErrorRow = v.InferOutput<typeof ErrorRow>

/**
 * Of some comments those about which the newsroom has decided otherwise than Akismet, each given out once: to who asks
 * first. `told` is what they are.
 */
export async function takeErrors(db: D1Database, ids: readonly number[], limit: number): Promise<ErrorRow[]> {
  const { results } = await db
    .prepare(
      `UPDATE comment SET verdict = json_set(verdict, '$.told', iif(status = 'spam', 'spam', 'ham'))
       WHERE id IN (SELECT c.id FROM json_each(?1) j JOIN comment c ON c.id = j.value
         WHERE c.status IN ('approved', 'spam') AND ${HELD_FOR} <> iif(c.status = 'spam', 'spam', 'ham') LIMIT ?2)
       RETURNING id, article, name, website, ifnull(original, text) AS text, ip_hash AS ipHash, created_at AS createdAt,
         verdict ->> '$.told' AS told, verdict`,
    )
    .bind(JSON.stringify(ids), limit)
    .all()
  return results.map((row) => v.parse(ErrorRow, row))
}

/** Akismet could not be told: it still holds the comment for the other. */
export const returnError = (db: D1Database, { id, told }: Pick<ErrorRow, 'id' | 'told'>) =>
  db
    .prepare(
      `UPDATE comment SET verdict = json_set(verdict, '$.told', iif(?2 = 'spam', 'ham', 'spam'))
       WHERE id = ?1 AND verdict ->> '$.told' = ?2`,
    )
    .bind(id, told)
