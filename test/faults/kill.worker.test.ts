import { afterAll, beforeAll, expect, test } from 'vitest'
import { ARTICLE, KillableSite } from '../support/killable-site.ts'

/** The power goes off: the Worker is killed without warning while 200 readers send their comments. */

const READERS = 200
/** How many send at once: fewer than are left at any kill, so that some are always under way. */
const AT_ONCE = 60

let site: KillableSite
beforeAll(async () => {
  site = await KillableSite.create()
  await site.start()
  await site.publish()
})
afterAll(() => site?.remove())

/** After how many confirmed comments the process is killed. */
test.each([50, 20, 120])(
  'a kill after %i of 200 comments loses nothing that was confirmed',
  async (limit) => {
    const texts = Array.from({ length: READERS }, (_, n) => `Kommentar ${n} vor dem Abbruch nach ${limit}`)
    const before = await site.texts()
    const confirmed: string[] = []
    let killed: Promise<void> | undefined
    const waiting = [...texts]
    const send = async () => {
      for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
        if (!(await site.comment(text))) continue
        confirmed.push(text)
        if (confirmed.length >= limit) killed ??= site.kill()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, send))
    await killed
    expect(confirmed.length).toBeGreaterThanOrEqual(limit)
    expect(confirmed.length).toBeLessThan(READERS)
    expect(await site.integrity()).toEqual([{ integrity_check: 'ok' }])

    await site.start()
    const kept = (await site.texts()).slice(0, -before.length || undefined)
    expect(
      confirmed.filter((text) => !kept.includes(text)),
      'confirmed, but lost',
    ).toEqual([])
    expect(kept.length, 'none twice').toBe(new Set(kept).size)
    expect(
      kept.filter((text) => !texts.includes(text)),
      'nobody wrote these',
    ).toEqual([])

    // Every reader sends again, because most saw an error: each comment is there once.
    while (texts.length > 0)
      expect(await Promise.all(texts.splice(0, 50).map((text) => site.comment(text)))).not.toContain(false)
    const all = (await site.texts()).slice(0, -before.length || undefined)
    expect([all.length, new Set(all).size]).toEqual([READERS, READERS])
  },
)

test.each([3, 7])(
  'a kill after %i imports, amid bulk decisions, leaves whole batches, and every count is what a recount says',
  async (limit) => {
    const anna = await site.moderator()
    const batches = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 100 }, (_, n) => ({
        source: `wxr:${limit}-${batch}-${n}`,
        parent: n % 4 === 3 ? `wxr:${limit}-${batch}-${n - 1}` : null,
        article: ARTICLE,
        name: 'Import',
        email: '',
        website: null,
        text: `Importiert ${limit} ${batch} ${n}`,
        status: 'pending',
        createdAt: '2020-01-01T00:00:00Z',
      })),
    )
    const imported: number[] = []
    const approved: number[] = []
    let isOver = false
    const importing = async () => {
      for (const [index, batch] of batches.entries()) {
        if ((await site.import(batch)) === null) break
        imported.push(index)
        if (imported.length >= limit) await site.kill()
      }
      isOver = true
    }
    const deciding = async () => {
      while (!isOver) approved.push(...(await site.approveAll(anna)))
    }
    await Promise.all([importing(), deciding()])
    expect(imported.length).toBe(limit)
    expect(await site.integrity()).toEqual([{ integrity_check: 'ok' }])
    const stored = await site.query(
      `SELECT substr(source, 1, length('wxr:${limit}-') + instr(substr(source, length('wxr:${limit}-') + 1), '-') - 1) AS batch,
         count(*) AS n FROM comment WHERE source GLOB 'wxr:${limit}-*' GROUP BY 1`,
    )
    for (const { batch, n } of stored) expect(n, String(batch)).toBe(100)
    expect(stored.length).toBeGreaterThanOrEqual(limit)
    const lost = await site.query(
      `SELECT id FROM comment WHERE id IN (${approved.join(', ') || 0}) AND status <> 'approved'`,
    )
    expect(lost, 'confirmed, but lost').toEqual([])
    const wrong = await site.query(
      `SELECT q.status FROM queue_count q WHERE q.status <> 'reported'
         AND q.n <> (SELECT count(*) FROM comment c WHERE c.status = q.status)
       UNION ALL SELECT slug FROM article WHERE comment_count <>
         (SELECT count(*) FROM comment c WHERE c.article = slug AND c.status = 'approved')
       UNION ALL SELECT 'replies of ' || id FROM comment r WHERE replies <>
         (SELECT count(*) FROM comment c WHERE c.thread = r.id AND c.status = 'approved')`,
    )
    expect(wrong).toEqual([])
    // Every decision that is in the log is whole: as many comments were changed as it says.
    const decisions = await site.query(
      `SELECT json_array_length(undo) AS n, json_extract(detail, '$.n') AS said FROM audit WHERE undo IS NOT NULL`,
    )
    for (const { n, said } of decisions) expect(n).toBe(said)

    await site.start()
    for (const batch of batches) expect(await site.import(batch)).not.toBeNull()
    const twice = await site.query(
      `SELECT source FROM comment WHERE source IS NOT NULL GROUP BY source HAVING count(*) > 1`,
    )
    expect(twice).toEqual([])
  },
)
