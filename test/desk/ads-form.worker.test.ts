import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Colleague } from '../support/desk.ts'
import { campaign, packCreative, publishNewsroom, SVG, settings } from '../support/fixture.ts'
import { TestSite } from '../support/site.ts'

/** A campaign's form at the desk: everything that a file could say, and nothing typed is ever lost. */

let site: TestSite
let editor: Colleague
beforeAll(async () => {
  site = await TestSite.open()
  await publishNewsroom(site)
  await site.publish('site', settings({ ads: { political: 'allow' } }))
  editor = await Colleague.open(site, 'editor')
})
afterAll(() => site.close())

const NATIVE = {
  advertiser: 'Kontor Nordlicht',
  'creatives.0.kind': 'native',
  'creatives.0.headline': 'Fracht von Tür zu Tür.',
  'creatives.0.text': 'Wir planen Ihren Transport.',
  'creatives.0.button': 'Angebot anfordern',
  'creatives.0.url': 'https://example.com/angebot',
}
interface Stored {
  revision: number
  frontMatter: Record<string, unknown>
}
const stored = async (id: string): Promise<Stored> => (await site.api('GET', `ads/${id}`)).json()
const idIn = (response: Response) =>
  /^\/desk\/ads\/([a-z0-9-]+)\/\?meldung=saved$/.exec(response.headers.get('location') ?? '')?.[1] ?? ''
const create = async (fields: Record<string, string | readonly string[]> = {}) =>
  idIn(await editor.post('/desk/ads/new/', { ...NATIVE, ...fields, do: 'save' }))
const actions = async (id: string) =>
  (
    await site.env.DB.prepare('SELECT action FROM audit WHERE subject = ?1 ORDER BY id')
      .bind(`ad/${id}`)
      .all()
  ).results.map(({ action }) => action)

/** Sends the form with a file, as a browser does. */
async function upload(path: string, fields: Record<string, string>, file: File): Promise<Response> {
  const body = new FormData()
  for (const [name, value] of Object.entries({ token: await editor.token, ...fields }))
    body.append(name, value)
  body.append('creatives.0.upload', file)
  return site.fetch(path, { method: 'POST', body, headers: { cookie: editor.cookie, origin: site.url } })
}

/** A campaign that says all there is to say. */
const EVERYTHING = {
  advertiser: 'Partei der Mitte',
  name: 'Alles',
  state: 'paused',
  start: '2026-01-01',
  end: '2026-06-30T18:00:00+02:00',
  priority: 'house',
  weight: 7,
  budget: { views: 10_000, clicks: 200 },
  pacing: 'fast',
  target: {
    sections: ['wirtschaft', 'technik'],
    tags: ['solar', 'wind'],
    articles: ['artikel'],
    authors: ['miriam-albers'],
    hours: [{ days: ['mon', 'tue'], from: 8, until: 18 }, { from: 20 }],
    countries: ['DE', 'AT'],
    devices: ['phone'],
  },
  category: 'energie',
  sensitive: true,
  placements: ['in-article', 'list'],
  political: { sponsor: 'Partei', amount: '1.200 EUR', period: 'Mai 2026', election: 'Landtagswahl' },
  creatives: [
    {
      kind: 'native',
      id: 'erstes',
      headline: 'Überschrift',
      text: 'Text',
      button: 'Mehr',
      url: '/impressum/',
      share: 2,
      image: { src: 'bild.svg', alt: '' },
    },
    {
      kind: 'native',
      headline: 'Zweite „Überschrift“',
      text: 'Text & mehr',
      button: 'Weiter',
      url: 'https://example.com/?a=1&b=2',
    },
  ],
}

/** The fields of the first form on a page, as a browser would send them. */
function fieldsOf(page: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {}
  const text = (html: string) =>
    html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&')
  const add = (name: string, value: string) => {
    fields[name] = [...(fields[name] ?? []), text(value)]
  }
  const form = /<form[^>]*multipart[\s\S]*?<\/form>/.exec(page)?.[0] ?? ''
  for (const [, attributes = ''] of form.matchAll(/<input ([^>]*?)\/?>/g)) {
    const of = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1]
    const isBox = of('type') === 'checkbox'
    if (of('type') !== 'file' && (!isBox || /\bchecked\b/.test(attributes)))
      add(of('name') ?? '', of('value') ?? '')
  }
  for (const [, name = '', options = ''] of form.matchAll(
    /<select [^>]*?name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g,
  ))
    add(
      name,
      /<option(?=[^>]* selected)[^>]*value="([^"]*)"/.exec(options)?.[1] ??
        /value="([^"]*)"/.exec(options)?.[1] ??
        '',
    )
  return fields
}

describe('a new campaign', () => {
  test('becomes a document like one from a file, and a line of the log', async () => {
    const id = await create({ name: 'Häfen im Mai', state: 'ready', 'budget.views': '5000' })
    expect(id).toBe('haefen-im-mai')
    expect(await stored(id)).toEqual(
      expect.objectContaining({
        revision: 1,
        frontMatter: {
          advertiser: 'Kontor Nordlicht',
          name: 'Häfen im Mai',
          budget: { views: 5000 },
          creatives: [
            {
              kind: 'native',
              headline: 'Fracht von Tür zu Tür.',
              text: 'Wir planen Ihren Transport.',
              button: 'Angebot anfordern',
              url: 'https://example.com/angebot',
            },
          ],
        },
      }),
    )
    expect(await actions(id)).toEqual(['create-ad'])
  })

  test('of a name that is taken gets a number, and overwrites nothing', async () => {
    const first = await create({ name: 'Zweimal', state: 'draft' })
    const second = await create({ name: 'Zweimal', state: 'draft' })
    expect([first, second]).toEqual(['zweimal', 'zweimal-2'])
    // So does one that a page of the desk has.
    expect(await create({ name: 'Outlook', state: 'draft' })).toBe('outlook-2')
  })

  test('with mistakes comes back with each of them beside its field, and all that was typed', async () => {
    const response = await editor.post('/desk/ads/new/', {
      ...NATIVE,
      weight: 'viel',
      'budget.views': '-1',
      end: 'irgendwann <b',
      'target.countries': 'Deutschland',
      'target.sections': ['wirtschaft'],
      'creatives.0.url': 'javascript:alert(1)',
      'creatives.0.headline': '',
      do: 'save',
    })
    expect(response.status).toBe(422)
    const page = await response.text()
    for (const key of [
      'weight',
      'budget.views',
      'end',
      'creatives.0.url',
      'creatives.0.headline',
      'target.countries',
    ]) {
      expect(page, key).toContain(`id="${key}-wrong"`)
      expect(page, key).toMatch(
        new RegExp(`<input[^>]*name="${key}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="${key}"`),
      )
    }
    expect(page).not.toContain('irgendwann <b')
    expect(fieldsOf(page)).toMatchObject({
      weight: ['viel'],
      'budget.views': ['-1'],
      end: ['irgendwann <b'],
      'target.countries': ['Deutschland'],
      'target.sections': ['wirtschaft'],
      'creatives.0.url': ['javascript:alert(1)'],
      'creatives.0.text': ['Wir planen Ihren Transport.'],
    })
  })

  test('gets a further creative, and loses one, without losing anything that was typed', async () => {
    const added = await editor.post('/desk/ads/new/', { ...NATIVE, weight: 'viel', do: 'add.picture' })
    expect(added.status).toBe(200)
    const fields = fieldsOf(await added.text())
    expect(fields).toMatchObject({
      weight: ['viel'],
      'creatives.0.headline': ['Fracht von Tür zu Tür.'],
      'creatives.1.kind': ['picture'],
      'creatives.1.size': ['300x250'],
    })
    const removed = await editor.post('/desk/ads/new/', { ...fields, do: 'remove.0' })
    const left = fieldsOf(await removed.text())
    expect(left).toMatchObject({ 'creatives.0.kind': ['picture'], weight: ['viel'] })
    expect(left).not.toHaveProperty(['creatives.1.kind'])
  })
})

describe('the form of a new campaign that is sent twice', () => {
  const opened = async (name: string): Promise<Record<string, string | string[]>> => ({
    ...fieldsOf(await editor.page('/desk/ads/new/')),
    ...NATIVE,
    name,
    do: 'save',
  })
  const made = async (start: string) =>
    (
      await site.env.DB.prepare(`SELECT slug FROM document WHERE kind = 'ad' AND slug LIKE ?1`)
        .bind(`${start}%`)
        .all()
    ).results.map(({ slug }) => slug)

  test('makes one campaign: one after the other', async () => {
    const fields = await opened('Doppelt')
    const [first, second] = [
      await editor.post('/desk/ads/new/', fields),
      await editor.post('/desk/ads/new/', fields),
    ]
    expect([idIn(first), idIn(second)]).toEqual(['doppelt', 'doppelt'])
    expect(await made('doppelt')).toEqual(['doppelt'])
    expect(await actions('doppelt')).toEqual(['create-ad'])
  })

  test('makes one campaign: at the same moment, with a file', async () => {
    const { token: _, ...fields } = await opened('Zugleich')
    const plain = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, [value].flat()[0] ?? '']),
    )
    const send = () =>
      upload('/desk/ads/new/', { ...plain, 'creatives.0.image.alt': 'Rot' }, new File([SVG], 'zugleich.svg'))
    const answers = await Promise.all([send(), send(), send()])
    expect(answers.map(idIn)).toEqual(['zugleich', 'zugleich', 'zugleich'])
    expect(await made('zugleich')).toEqual(['zugleich'])
  })

  test('and changed in between shows both versions', async () => {
    const fields = await opened('Geändert')
    await editor.post('/desk/ads/new/', fields)
    const response = await editor.post('/desk/ads/new/', { ...fields, weight: '7' })
    expect(response.status).toBe(409)
    expect(await response.text()).toContain('action="/desk/ads/geaendert/"')
    expect(await made('geaendert')).toEqual(['geaendert'])
  })

  test('makes two where it was opened twice', async () => {
    await editor.post('/desk/ads/new/', await opened('Zwei Formulare'))
    await editor.post('/desk/ads/new/', await opened('Zwei Formulare'))
    expect(await made('zwei-formulare')).toEqual(['zwei-formulare', 'zwei-formulare-2'])
  })

  test('is still the same after something wrong was put right', async () => {
    const refused = await editor.post('/desk/ads/new/', { ...(await opened('Berichtigt')), weight: 'viel' })
    const fields = { ...fieldsOf(await refused.text()), weight: '3', do: 'save' }
    await editor.post('/desk/ads/new/', fields)
    expect(idIn(await editor.post('/desk/ads/new/', fields))).toBe('berichtigt')
  })
})

describe('an HTML5 creative', () => {
  const PAGE = '<!doctype html><html><head><title>Spiel</title></head><body>Hallo</body></html>'
  const html5 = {
    advertiser: 'Kontor Nordlicht',
    'creatives.0.kind': 'html5',
    'creatives.0.size': '300x250',
    'creatives.0.alt': 'Ein kleines Spiel',
    'creatives.0.url': 'https://example.com/spiel',
    do: 'save',
  }

  test('gets fields of its own', async () => {
    const added = await editor.post('/desk/ads/new/', { ...NATIVE, do: 'add.html5' })
    const page = await added.text()
    expect(fieldsOf(page)).toMatchObject({ 'creatives.1.kind': ['html5'], 'creatives.1.file': [''] })
    expect(page).toMatch(/<input id="creatives.1.upload"[^>]*type="file" accept=".zip"/)
  })

  test('that is uploaded gets into the library, and onto the page in its frame', async () => {
    const file = new File([packCreative({ 'index.html': PAGE })], 'Mein Spiel.ZIP')
    const response = await upload('/desk/ads/new/', { ...html5, name: 'Spiel' }, file)
    expect(response.status).toBe(303)
    const { frontMatter } = await stored(idIn(response))
    expect(frontMatter.creatives).toMatchObject([{ kind: 'html5', file: 'mein-spiel.zip' }])
    const { items } = await (await site.api('GET', 'media')).json<{
      items: { name: string; hash: string }[]
    }>()
    const hash = items.find(({ name }) => name === 'mein-spiel.zip')?.hash
    expect(await (await site.fetch(`/creative/${hash}/index.html`)).text()).toContain('Hallo')
  })

  test('of a name that the library has does not replace what is there', async () => {
    const file = new File([packCreative({ 'index.html': PAGE.replace('Hallo', 'Anders') })], 'mein-spiel.zip')
    const { frontMatter } = await stored(
      idIn(await upload('/desk/ads/new/', { ...html5, name: 'Neues' }, file)),
    )
    expect(JSON.stringify(frontMatter)).toMatch(/"file":"mein-spiel-[0-9a-f]{8}\.zip"/)
  })

  test.each([
    ['that is no archive', new File(['PK nicht'], 'x.zip'), 'kein Zip-Archiv'],
    ['that is a picture', new File([SVG], 'x.svg'), 'kein Zip-Archiv'],
    ['without a page', new File([packCreative({ 'a.css': 'a{}' })], 'x.zip'), 'index.html'],
    [
      'that unfolds to too much',
      new File([packCreative({ 'index.html': PAGE, 'a.css': ' '.repeat(200 * 1024) })], 'x.zip'),
      'Erlaubt sind 150 KB',
    ],
    [
      'that loads something from elsewhere',
      new File(
        [packCreative({ 'index.html': '<script src="https://fremd.example/a.js"></script>' })],
        'x.zip',
      ),
      'fremd.example',
    ],
  ])('%s is refused beside its field, with all that was typed', async (_, file, said) => {
    const response = await upload('/desk/ads/new/', { ...html5, name: 'Kein Spiel' }, file)
    expect(response.status).toBe(422)
    const page = await response.text()
    const [problem = ''] = /id="creatives.0.file-wrong">[^<]*/.exec(page) ?? []
    expect(problem).toContain(said)
    expect(page).toMatch(/id="creatives.0.file"[^>]*aria-invalid="true"/)
    expect(fieldsOf(page).name).toEqual(['Kein Spiel'])
  })
})

describe('a campaign that is edited', () => {
  test('and saved as it is stays word for word what its file says', async () => {
    await site.publish('ads', { ...campaign('alles'), frontMatter: EVERYTHING })
    const fields = fieldsOf(await editor.page('/desk/ads/alles/'))
    expect((await editor.post('/desk/ads/alles/', { ...fields, do: 'save' })).status).toBe(303)
    expect((await stored('alles')).frontMatter).toEqual(EVERYTHING)
  })

  test('and that says only what it must stays ready and as short as it was', async () => {
    await site.publish('ads', campaign('knapp'))
    const before = await stored('knapp')
    const fields = fieldsOf(await editor.page('/desk/ads/knapp/'))
    expect(fields.state).toEqual(['ready'])
    await editor.post('/desk/ads/knapp/', { ...fields, do: 'save' })
    expect(await stored('knapp')).toEqual(before)
  })

  test('shows both versions where somebody saved another meanwhile, and overwrites nothing unseen', async () => {
    const id = await create({ name: 'Streitfall', state: 'draft' })
    const mine = fieldsOf(await editor.page(`/desk/ads/${id}/`))
    await site.publish('ads', { ...campaign(id, { name: 'Streitfall', state: 'draft', weight: 9 }), base: 1 })
    const refused = await editor.post(`/desk/ads/${id}/`, { ...mine, category: 'logistik', do: 'save' })
    expect(refused.status).toBe(409)
    const page = await refused.text()
    expect(page).toMatch(/<th scope="row">category<\/th><td>logistik<\/td><td>–<\/td>/)
    expect(page).toMatch(/<th scope="row">weight<\/th><td>–<\/td><td>9<\/td>/)
    expect(await stored(id)).toMatchObject({ revision: 2, frontMatter: { weight: 9 } })
    // Having seen both, they save theirs.
    expect((await editor.post(`/desk/ads/${id}/`, { ...fieldsOf(page), do: 'save' })).status).toBe(303)
    const { revision, frontMatter } = await stored(id)
    expect([revision, frontMatter.category, frontMatter.weight]).toEqual([3, 'logistik', undefined])
    expect(await actions(id)).toEqual(['create-ad', 'change-ad'])
  })

  test('that is not there is not found', async () => {
    expect((await editor.get('/desk/ads/nie-gewesen/')).status).toBe(404)
    expect((await editor.post('/desk/ads/nie-gewesen/', { ...NATIVE, do: 'save' })).status).toBe(404)
  })
})

describe('a picture', () => {
  const picture = { ...NATIVE, 'creatives.0.image.alt': 'Container', do: 'save' }

  test('that is uploaded gets into the library, cleaned, and into the ad', async () => {
    const svg = SVG.replace('<rect', '<script>alert(1)</script><rect')
    const response = await upload(
      '/desk/ads/new/',
      { ...picture, name: 'Mit Bild' },
      new File([svg], 'Mein Bild.SVG'),
    )
    expect(response.status).toBe(303)
    const { frontMatter } = await stored(idIn(response))
    expect(frontMatter.creatives).toMatchObject([{ image: { src: 'mein-bild.svg', alt: 'Container' } }])
    const { items } = await (await site.api('GET', 'media')).json<{
      items: { name: string; src: string }[]
    }>()
    const src = items.find(({ name }) => name === 'mein-bild.svg')?.src ?? ''
    expect(await (await site.fetch(src)).text()).not.toContain('script')
  })

  test('of a name that the library has does not replace what is there', async () => {
    const before = (
      await (await site.api('GET', 'media')).json<{ items: { name: string; hash: string }[] }>()
    ).items
    const other = SVG.replace('#c8321f', '#123456')
    const response = await upload(
      '/desk/ads/new/',
      { ...picture, name: 'Anderes' },
      new File([other], 'bild.svg'),
    )
    const { frontMatter } = await stored(idIn(response))
    expect(JSON.stringify(frontMatter)).toMatch(/"src":"bild-[0-9a-f]{8}\.svg"/)
    const { items } = await (await site.api('GET', 'media')).json<{
      items: { name: string; hash: string }[]
    }>()
    expect(items).toEqual(expect.arrayContaining(before))
  })

  test('that is none is refused beside its field, with all that was typed', async () => {
    for (const file of [
      new File(['MZ'], 'bild.png'),
      new File(['x'], 'seite.html'),
      new File(['<svg'], 'x.svg'),
    ]) {
      const response = await upload('/desk/ads/new/', { ...picture, name: 'Kein Bild' }, file)
      expect(response.status, file.name).toBe(422)
      const page = await response.text()
      expect(page).toContain('id="creatives.0.image.src-wrong"')
      expect(fieldsOf(page).name).toEqual(['Kein Bild'])
    }
  })

  test('that is uploaded stays chosen when something else is wrong', async () => {
    const wrong = { ...picture, advertiser: '' }
    const response = await upload('/desk/ads/new/', wrong, new File([SVG], 'bleibt.svg'))
    expect(response.status).toBe(422)
    expect(fieldsOf(await response.text())['creatives.0.image.src']).toEqual(['bleibt.svg'])
  })

  test('is not taken from another session, another site, or in a form without end', async () => {
    const file = new File([SVG], 'fremd.svg')
    const other = await Colleague.open(site, 'editor')
    expect((await upload('/desk/ads/new/', { ...picture, token: await other.token }, file)).status).toBe(403)
    const large = new File([new Uint8Array(16 * 1024 * 1024)], 'gross.png')
    expect((await upload('/desk/ads/new/', picture, large)).status).toBe(413)
    const { items } = await (await site.api('GET', 'media')).json<{ items: { name: string }[] }>()
    expect(items.map(({ name }) => name)).not.toContain('fremd.svg')
  })
})

describe('a draft', () => {
  const remove = (id: string, revision = 1) =>
    editor.post(`/desk/ads/${id}/`, { revision: String(revision), do: 'delete' })

  test('that never ran can be deleted', async () => {
    const id = await create({ name: 'Weg damit', state: 'draft' })
    expect((await remove(id)).headers.get('location')).toContain('meldung=erased')
    expect((await site.api('GET', `ads/${id}`)).status).toBe(404)
    expect(await actions(id)).toEqual(['create-ad', 'delete-ad'])
  })

  test('of which something was counted, that changed, or that is none, stays', async () => {
    const counted = await create({ name: 'Gezählt', state: 'draft' })
    await site.env.DB.prepare(`INSERT INTO ad_hour (campaign, hour, loaded) VALUES (?1, '2026-01-01T08', 1)`)
      .bind(counted)
      .run()
    const ready = await create({ name: 'Bereit', state: 'ready' })
    const changed = await create({ name: 'Anders', state: 'draft' })
    for (const [id, revision] of [
      [counted, 1],
      [ready, 1],
      [changed, 7],
    ] as const) {
      expect((await remove(id, revision)).headers.get('location'), id).toMatch(/meldung=not/)
      expect((await site.api('GET', `ads/${id}`)).status).toBe(200)
    }
  })
})
