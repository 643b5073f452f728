import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Keys } from '../../src/http/keys.ts'
import { KillableSite } from '../support/killable-site.ts'
import { PostOffice } from '../support/post-office.ts'
import { SECRET } from '../support/site.ts'

/**
 * The power goes off while mail is being sent. A letter is never sent twice; what was under way when the Worker died (a lease
 * without a word about it, see `src/mail/outbox.ts`) is not sent again, whether it arrived or not, and stands at the desk: at
 * most one letter of each who was sending.
 */

const READERS = 40
const keys = new Keys(SECRET)

let office: PostOffice
let site: KillableSite
beforeAll(async () => {
  office = await PostOffice.open()
  const main = new URL('../support/mail-worker.ts', import.meta.url).pathname
  site = await KillableSite.create({ main, vars: { POST_OFFICE: office.url } })
  await site.start()
  await site.publish()
})
afterAll(() => Promise.all([site?.remove(), office?.close()]))
beforeEach(() => {
  office.letters.length = 0
})

/** The outbox as it lies on the disk: how each letter stands, by its cause. */
async function outbox(): Promise<Map<string, string>> {
  const rows = await site.query(
    `SELECT cause, status, ifnull(error, '') AS error FROM mail WHERE kind = 'opt-in'`,
  )
  return new Map(rows.map(({ cause, status, error }) => [String(cause), `${status} ${error}`.trim()]))
}

/** What each letter that arrived was sent for: its link has the key by whose hash the outbox knows it. */
const arrived = () =>
  Promise.all(
    office.letters.map(async ({ text }) => {
      const key = /\/subscriptions\/confirm\/([\w-]{43})\//.exec(text)?.[1] ?? ''
      return `opt-in ${await keys.hash('confirm', key)}`
    }),
  )

/** The causes of letters that belong to comments with these texts. */
async function causesOf(texts: readonly string[]): Promise<string[]> {
  const rows = await site.query(
    `SELECT c.text, s.confirm_hash AS hash FROM comment c JOIN subscription s ON s.comment = c.id`,
  )
  const found = new Map(rows.map(({ text, hash }) => [String(text), `opt-in ${String(hash)}`]))
  return texts.map((text) => found.get(text) ?? `nothing for ${text}`)
}

/** Lets the minutes pass until nothing is under way any more. */
async function waitForPost(): Promise<void> {
  const isUnderWay = async () =>
    [...(await outbox()).values()].some((one) => /^(?:waiting|sending)/.test(one))
  for (let minutes = 3; minutes < 30 && (await isUnderWay()); minutes += 3)
    await site.runScheduled(new Date(Date.now() + minutes * 60_000))
  expect(await isUnderWay()).toBe(false)
}

/** Sends comments whose authors want mail; which of them were confirmed. */
async function ask(about: string): Promise<string[]> {
  const texts = Array.from({ length: READERS }, (_, n) => `Kommentar ${n}, ${about}`)
  const answers = await Promise.all(
    texts.map((text, n) =>
      site.comment(text, { email: `leser-${about}-${n}@beispiel.de`, benachrichtigen: '1' }),
    ),
  )
  return texts.filter((_, n) => answers[n])
}

/** Lets the process be killed at a letter that the service keeps, and has not said so yet; resolved once it is dead. */
function killAt(limit: number): Promise<void> {
  return new Promise((resolve) => {
    let killed: Promise<void> | undefined
    office.beforeReceipt = async () => {
      if (office.letters.length < limit) return
      killed ??= site.kill().then(() => {
        office.beforeReceipt = async () => {}
        resolve()
      })
      await killed
    }
  })
}

test.each([1, 13, 5, 29])('a kill at letter %i loses none and sends none twice', async (limit) => {
  const before = await outbox()
  const killed = killAt(limit)
  const confirmed = await ask(`abbruch-${limit}`)
  await killed
  expect(await site.integrity()).toEqual([{ integrity_check: 'ok' }])
  const atTheKill = await outbox()
  const causes = await causesOf(confirmed)
  expect(
    causes.filter((cause) => !atTheKill.has(cause)),
    'confirmed, but no letter in the outbox',
  ).toEqual([])
  const inTheWindow = (await arrived()).slice(limit - 1)
  expect(inTheWindow.length).toBeGreaterThanOrEqual(1)

  await site.start()
  await waitForPost()
  const now = await outbox()
  const letters = await arrived()
  expect(letters.length, 'none twice').toBe(new Set(letters).size)
  for (const [cause, standing] of now) {
    if (before.has(cause)) continue
    // Sent, and it arrived; or the Worker held it when it died, and nobody knows.
    if (standing === 'sent') expect(letters, cause).toContain(cause)
    else expect([standing, atTheKill.get(cause)], cause).toEqual(['dead unknown', 'sending'])
  }
  for (const cause of inTheWindow) expect(now.get(cause)).toBe('dead unknown')
})

test.each([
  { senders: 1, limit: 7 },
  { senders: 3, limit: 16 },
])('of $senders who send what waits, each leaves one letter unknown at most', async ({ senders, limit }) => {
  office.mood = 'error'
  const causes = await causesOf(await ask(`stau-${senders}`))
  expect(causes).toHaveLength(READERS)
  const standing = async () => {
    const now = await outbox()
    return causes.map((cause) => now.get(cause) ?? 'missing')
  }
  const refused = expect.stringMatching(/^waiting .*503/)
  await expect.poll(standing, { timeout: 30_000 }).toEqual(causes.map(() => refused))
  office.mood = 'as-usual'

  const killed = killAt(limit)
  const inAMoment = new Date(Date.now() + 3 * 60_000)
  await Promise.allSettled(Array.from({ length: senders }, () => site.runScheduled(inAMoment)))
  await killed
  await site.start()
  await waitForPost()
  const standings = await standing()
  const unknown = standings.filter((one) => one === 'dead unknown').length
  expect(unknown).toBeGreaterThanOrEqual(1)
  expect(unknown).toBeLessThanOrEqual(senders)
  expect(standings.filter((one) => one === 'sent')).toHaveLength(READERS - unknown)
  const letters = await arrived()
  expect(letters.length, 'none twice').toBe(new Set(letters).size)
})
