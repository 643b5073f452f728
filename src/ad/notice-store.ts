import * as v from 'valibot'
import { Political } from './campaign.ts'

/** SQL of the transparency notices of political advertising, and nowhere else. Triggers write them (migration 0018). */

const NoticeRow = v.object({
  advertiser: v.string(),
  notice: v.pipe(v.string(), v.parseJson(), Political),
})

/** The newest notice of a campaign, also of one that is gone; null where there is none. */
export async function findNotice(
  db: D1Database,
  campaign: string,
): Promise<{ advertiser: string; political: Political } | null> {
  const row = await db
    .prepare(
      'SELECT advertiser, notice FROM political_notice WHERE campaign = ?1 ORDER BY revision DESC LIMIT 1',
    )
    .bind(campaign)
    .first()
  if (!row) return null
  const { advertiser, notice } = v.parse(NoticeRow, row)
  return { advertiser, political: notice }
}

/** How long a notice stays after the advertisement was last published (Regulation (EU) 2024/900, Art. 9). */
const YEARS = 7

/**
 * Once a day: notes of what is published that it still is, and removes what has been kept long enough.
 * @param now UTC, to the second
 */
export const keepNotices = (db: D1Database, now: string): D1PreparedStatement[] => [
  db
    .prepare(
      `UPDATE political_notice SET last_published = ?1
       WHERE EXISTS (SELECT 1 FROM document d WHERE d.kind = 'ad' AND d.slug = campaign
         AND d.revision = political_notice.revision AND json_extract(d.value, '$.state') = 'ready'
         AND ifnull(json_extract(d.value, '$.end'), 1e15) > unixepoch(?1) * 1000)`,
    )
    .bind(now),
  db
    .prepare(`DELETE FROM political_notice WHERE last_published < strftime('%Y-%m-%dT%H:%M:%SZ', ?1, ?2)`)
    .bind(now, `-${YEARS} years`),
]
