import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Keys } from '../../src/http/keys.ts'
import { article, publishNewsroom } from '../support/fixture.ts'
import { commentIdIn, inSeconds, SECRET, TestSite } from '../support/site.ts'

/** Values that appear nowhere else, so that a leak is found by searching for them. */
const EMAIL = 'Sehr.Geheim@privat.example'
const ADDRESS = '198.51.100.231'
const OTHER_ADDRESS = '2001:db8:77:88::99'
const NAME = 'Unverwechselbar Fuchs'
const TEXT = 'Dieser Satz kommt nur einmal vor.'

let site: TestSite
let ids: number[]

beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site, article('artikel'), article('anderer'))
  const from = (address: string) => ({ 'cf-connecting-ip': address, 'user-agent': 'Geheimer Browser/1' })
  const post = (text: string, address: string, more: object = {}) =>
    site.comment('artikel', { email: EMAIL, name: NAME, text }, from(address), more)
  ids = [
    await post(TEXT, ADDRESS),
    await post('Zweiter.', ADDRESS),
    await post('Dritter.', OTHER_ADDRESS),
    await post('Morgen.', ADDRESS, { now: inSeconds(26 * 3600) }),
  ].map(commentIdIn)
  // What goes wrong is logged; nothing personal may get there on the way.
  await post('Ohne D1.', ADDRESS, { down: ['d1'] })
  await post('Ohne Limit.', ADDRESS, { noLimiter: true })
  await post('Ohne Limit und D1.', ADDRESS, { noLimiter: true, down: ['d1'] })
  await site.comment('artikel', { email: `${EMAIL} `, name: '', website: 'x', text: TEXT }, from(ADDRESS))
  await site.comment('nirgends', { email: EMAIL, name: NAME }, from(ADDRESS))
  await site.fetch(
    `/artikel/?mail=${EMAIL}`,
    { headers: from(ADDRESS) },
    { down: ['d1', 'kv'], now: inSeconds(200_000) },
  )
  await site.api('POST', `comments/${ids[0]}`, { status: 'approved' })
})
afterAll(() => site.close())

describe('in D1', () => {
  test('no column of any table holds an e-mail or IP address', async () => {
    const { results: tables } = await site.env.DB.prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'`,
    ).all()
    expect(tables.length).toBeGreaterThan(7)
    for (const { name } of tables) {
      const { results } = await site.env.DB.prepare(`SELECT * FROM "${String(name)}"`).all()
      const everything = JSON.stringify(results).toLowerCase()
      for (const secret of [
        EMAIL,
        'sehr.geheim',
        'privat.example',
        ADDRESS,
        OTHER_ADDRESS,
        '2001:db8',
        'geheimer browser',
      ]) {
        expect(everything.includes(secret.toLowerCase()), `${secret} in ${String(name)}`).toBe(false)
      }
    }
  })

  test('the same e-mail address is sealed differently each time, and known by a keyed hash', async () => {
    const rows = await site.comments('artikel')
    const mine = rows.filter(({ id }) => ids.includes(Number(id)))
    expect(new Set(mine.map(({ email }) => email)).size).toBe(4)
    expect(new Set(mine.map(({ email_hash }) => email_hash)).size).toBe(1)
    expect(mine[0]?.email_hash).toMatch(/^[\w-]{22}$/)
  })

  test('only this site’s secret opens it', async () => {
    const [row] = await site.comments('artikel')
    const sealed = String(row?.email)
    expect(await new Keys(SECRET).decrypt(sealed)).toBe(EMAIL.toLowerCase())
    expect(await new Keys('another-secret-that-is-long-enough-too').decrypt(sealed)).toBeNull()
    expect(
      await new Keys(SECRET).decrypt(sealed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))),
    ).toBeNull()
  })

  test('an IP address is the same hash within a day, and another one on the next', async () => {
    const rows = (await site.comments('artikel')).filter(({ id }) => ids.includes(Number(id)))
    const [first, second, other, tomorrow] = rows.map(({ ip_hash }) => String(ip_hash))
    expect(first).toMatch(/^[\w-]{22}$/)
    expect(second).toBe(first)
    expect(other).not.toBe(first)
    expect(tomorrow).not.toBe(first)
  })
})

describe('in KV', () => {
  test('there is nothing of what readers wrote', async () => {
    const { keys } = await site.env.KV.list()
    const values = await Promise.all(keys.map(({ name }) => site.env.KV.get(name)))
    for (const secret of [EMAIL.toLowerCase(), ADDRESS, NAME, TEXT]) {
      expect(values.filter((value) => value?.toLowerCase().includes(secret.toLowerCase()))).toEqual([])
    }
  })
})

describe('on pages', () => {
  test('no e-mail address is shown, not even to who wrote it', async () => {
    const own =
      (await site.comment('artikel', { email: EMAIL, text: 'Wo steht es?' })).headers.get('location') ?? ''
    for (const path of ['/artikel/', own, '/', '/feed/', '/sitemap.xml']) {
      const html = await site.page(path)
      expect(html.toLowerCase(), path).not.toContain('privat.example')
    }
    expect(await site.page('/artikel/')).toContain(TEXT)
  })

  test('only the form that is given back holds it, for the one who typed it', async () => {
    const response = await site.comment('artikel', { email: EMAIL, text: '' })
    expect(await response.text()).toContain(EMAIL)
    expect(response.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('for the newsroom', () => {
  test('the list of comments names no e-mail address', async () => {
    const text = await (await site.api('GET', 'comments?status=approved')).text()
    expect(text).toContain(TEXT)
    expect(text).not.toMatch(/email|ip_?hash|fingerprint|privat/i)
  })

  test('one comment shows it, to whoever has the token', async () => {
    const shown = await (await site.api('GET', `comments/${ids[0]}`)).json()
    expect(shown).toMatchObject({ name: NAME, email: EMAIL.toLowerCase() })
    expect(JSON.stringify(shown)).not.toMatch(/ip_?hash|fingerprint/i)
    expect((await site.fetch(`/api/comments/${ids[0]}`)).status).toBe(401)
  })
})

describe('in the log', () => {
  test('there were lines, and none of them holds anything personal', () => {
    const lines = site.logs.join('\n')
    expect(lines).toContain('comment-not-stored')
    for (const secret of [
      EMAIL,
      'privat.example',
      ADDRESS,
      OTHER_ADDRESS,
      '2001:db8',
      NAME,
      TEXT,
      'Geheimer Browser',
      'Ohne D1',
    ]) {
      expect(lines.toLowerCase().includes(secret.toLowerCase()), secret).toBe(false)
    }
  })
})
