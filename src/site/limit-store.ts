import * as v from 'valibot'

const CountRow = v.object({ count: v.number() })

/** Counts a request in its minute and says whether it is still within the limit. For sites without the platform's rate limiter. */
export async function countInMinute(db: D1Database, key: string, now: Date, limit: number): Promise<boolean> {
  const minute = Math.floor(now.getTime() / 60_000)
  const row = await db
    .prepare(
      `INSERT INTO rate_limit (key, minute, count) VALUES (?1, ?2, 1)
       ON CONFLICT (key) DO UPDATE SET count = iif(minute = ?2, count + 1, 1), minute = ?2 RETURNING count`,
    )
    .bind(key, minute)
    .first()
  return v.parse(CountRow, row).count <= limit
}
