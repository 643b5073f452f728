import * as v from 'valibot'

/** SQL of links to reports, and nowhere else. */

const LinkRow = v.object({
  id: v.number(),
  label: v.string(),
  createdAt: v.string(),
  usedOn: v.nullable(v.string()),
})

/** A link to a campaign's report, without its key: that is known only to who has it. */
export type ReportLink = v.InferOutput<typeof LinkRow>

/** How many links a campaign has at most. */
export const MOST_LINKS = 50

/** A campaign's links, the newest first. */
export async function listLinks(db: D1Database, campaign: string): Promise<ReportLink[]> {
  const { results } = await db
    .prepare(
      `SELECT id, label, created_at AS createdAt, used_on AS usedOn FROM ad_link
       WHERE campaign = ?1 ORDER BY id DESC LIMIT ${MOST_LINKS}`,
    )
    .bind(campaign)
    .all()
  return results.map((row) => v.parse(LinkRow, row))
}

/** Adds a link, where a campaign has not too many of them. */
export const insertLink = (
  db: D1Database,
  { hash, campaign, label, now }: { hash: string; campaign: string; label: string; now: string },
) =>
  db
    .prepare(
      `INSERT INTO ad_link (hash, campaign, label, created_at) SELECT ?1, ?2, ?3, ?4
       WHERE (SELECT count(*) FROM ad_link WHERE campaign = ?2) < ${MOST_LINKS}`,
    )
    .bind(hash, campaign, label, now)

/** Revokes a link of a campaign. */
export const deleteLink = (db: D1Database, campaign: string, id: number) =>
  db.prepare('DELETE FROM ad_link WHERE id = ?1 AND campaign = ?2').bind(id, campaign)

/** The campaign to which a link leads, and the day on which it was used last; null for one that is not there. */
export async function findLink(
  db: D1Database,
  hash: string,
): Promise<{ campaign: string; usedOn: string | null } | null> {
  const row = await db
    .prepare('SELECT campaign, used_on AS usedOn FROM ad_link WHERE hash = ?1')
    .bind(hash)
    .first()
  return row === null
    ? null
    : v.parse(v.object({ campaign: v.string(), usedOn: v.nullable(v.string()) }), row)
}

/** Notes on which day a link was used. */
export const markUsed = (db: D1Database, hash: string, day: string) =>
  db.prepare('UPDATE ad_link SET used_on = ?2 WHERE hash = ?1').bind(hash, day)
