import * as v from 'valibot'

/** SQL of what the desk changed of campaigns, so that a file that does not know of it overwrites nothing. */

const DeskChangeRow = v.object({
  campaign: v.string(),
  /** Which version the desk made last (see `sourceMark`). */
  mark: v.string(),
  /** Which version last came from a file; null where none did. */
  filed: v.nullable(v.string()),
})
export type DeskChange = v.InferOutput<typeof DeskChangeRow>

export const selectDeskChanges = (db: D1Database) =>
  db.prepare('SELECT campaign, mark, filed FROM desk_change')

export const selectDeskChangesOf = (db: D1Database, campaigns: readonly string[]) =>
  db
    .prepare(
      'SELECT campaign, mark, filed FROM desk_change WHERE campaign IN (SELECT value FROM json_each(?1))',
    )
    .bind(JSON.stringify(campaigns))

/** What the desk changed, by campaign. */
export const readDeskChanges = (rows: unknown[]): ReadonlyMap<string, DeskChange> =>
  new Map(rows.map((row) => v.parse(DeskChangeRow, row)).map((change) => [change.campaign, change]))

/** Whether a campaign still is at the revision before the one that is about to be written. */
const IS_BEFORE = `coalesce((SELECT revision FROM document WHERE kind = 'ad' AND slug = ?1), 0) = ?2 - 1`

/**
 * Notes that the desk makes a revision; to be run in the transaction that writes it, before it.
 * @param change its `filed` counts where the desk never changed the campaign before
 * @param form the key of the form that makes the campaign, if one does
 */
export const noteDeskChange = (
  db: D1Database,
  { campaign, mark, filed }: DeskChange,
  revision: number,
  form: string | null,
) =>
  db
    .prepare(
      `INSERT INTO desk_change (campaign, mark, filed, form) SELECT ?1, ?3, ?4, ?5 WHERE ${IS_BEFORE}
       ON CONFLICT (campaign) DO UPDATE SET mark = excluded.mark, form = coalesce(excluded.form, form)`,
    )
    .bind(campaign, revision, mark, filed, form)

/** Notes that a revision comes from a file; the same way. */
export const noteFiled = (db: D1Database, campaign: string, filed: string, revision: number) =>
  db
    .prepare(`UPDATE desk_change SET filed = ?3 WHERE campaign = ?1 AND ${IS_BEFORE}`)
    .bind(campaign, revision, filed)

/** Notes that the desk deletes a campaign: a file of it may still be somewhere. */
export const noteDeskDeletion = (db: D1Database, campaign: string) =>
  db
    .prepare(`INSERT INTO desk_change (campaign, mark) VALUES (?1, '') ON CONFLICT (campaign) DO NOTHING`)
    .bind(campaign)

/** Forgets what the desk did: whoever has the files deletes the campaign. */
export const forgetDeskChange = (db: D1Database, campaign: string) =>
  db.prepare('DELETE FROM desk_change WHERE campaign = ?1').bind(campaign)
