import * as v from 'valibot'
import { COMMENTS_BUCKET, type Model } from './model.ts'

/** SQL of what the judge knows. */

const BlockRow = v.object({ kind: v.picklist(['email', 'ip', 'domain', 'word']), value: v.string() })
const ModelRow = v.object({ bucket: v.number(), good: v.number(), bad: v.number() })

export const selectKnowledge = (db: D1Database) => [
  db.prepare('SELECT kind, value FROM block ORDER BY id DESC LIMIT 5000'),
  db.prepare('SELECT bucket, good, bad FROM model WHERE good > 0 OR bad > 0'),
  db.prepare("SELECT lookalike FROM person WHERE lookalike <> ''"),
]

export const readBlocks = (rows: unknown[]) => rows.map((row) => v.parse(BlockRow, row))

const NameRow = v.object({ lookalike: v.string() })
export const readNames = (rows: unknown[]) => rows.map((row) => v.parse(NameRow, row).lookalike)

export function readModel(rows: unknown[]): Model {
  const found = rows.map((row) => v.parse(ModelRow, row))
  const comments = found.find(({ bucket }) => bucket === COMMENTS_BUCKET)
  return {
    good: comments?.good ?? 0,
    bad: comments?.bad ?? 0,
    goodIn: new Map(found.map(({ bucket, good }) => [bucket, good])),
    badIn: new Map(found.map(({ bucket, bad }) => [bucket, bad])),
  }
}

const LearnRow = v.object({
  id: v.number(),
  name: v.string(),
  website: v.nullable(v.string()),
  text: v.string(),
  wanted: v.nullable(v.picklist(['good', 'bad'])),
  learned: v.nullable(v.picklist(['good', 'bad'])),
})
export type LearnRow = v.InferOutput<typeof LearnRow>

/** Of some comments those from which the model has learned something else than what was decided about them. */
export async function findToLearn(db: D1Database, ids: readonly number[]): Promise<LearnRow[]> {
  const { results } = await db
    .prepare(
      `SELECT * FROM (SELECT c.id, c.name, c.website, ifnull(c.original, c.text) AS text, c.learned,
         CASE WHEN c.staff IS NOT NULL THEN NULL WHEN c.status = 'approved' THEN 'good' WHEN c.status = 'spam' THEN 'bad' END
           AS wanted
       FROM json_each(?1) j JOIN comment c ON c.id = j.value) WHERE wanted IS NOT learned`,
    )
    .bind(JSON.stringify(ids))
    .all()
  return results.map((row) => v.parse(LearnRow, row))
}

/** What changes in a bucket for one comment. */
export type Change = readonly [comment: number, bucket: number, good: number, bad: number]

/**
 * Writes what the model learns, once: a comment from which somebody else has made it learn meanwhile is left out, in the
 * same transaction.
 */
export const learnStatements = (
  db: D1Database,
  changes: readonly Change[],
  comments: readonly (readonly [id: number, wanted: string | null, learned: string | null])[],
) => {
  const rows = JSON.stringify(comments)
  return [
    db
      .prepare(
        `INSERT INTO model (bucket, good, bad)
         SELECT d.value ->> 1 AS bucket, sum(d.value ->> 2), sum(d.value ->> 3) FROM json_each(?1) d
         WHERE (d.value ->> 0) IN (SELECT c.id FROM json_each(?2) j JOIN comment c ON c.id = j.value ->> 0
           WHERE c.learned IS (j.value ->> 2))
         GROUP BY 1
         ON CONFLICT (bucket) DO UPDATE SET good = good + excluded.good, bad = bad + excluded.bad`,
      )
      .bind(JSON.stringify(changes), rows),
    db
      .prepare(
        `UPDATE comment SET learned = j.value ->> 1 FROM json_each(?1) j
         WHERE comment.id = j.value ->> 0 AND comment.learned IS (j.value ->> 2)`,
      )
      .bind(rows),
  ]
}
