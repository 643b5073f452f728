import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { insertFigures } from '../support/ad-figures.ts'
import setup from '../support/build.ts'
import { Colleague } from '../support/desk.ts'
import { article, campaign } from '../support/fixture.ts'
import { everything, publishShippedContent } from '../support/gallery.ts'
import { TestSite } from '../support/site.ts'

/**
 * `npm run look [-- word …]` — pictures of every kind of page, on the content that ships with the site: phone and
 * desktop, light and dark, and on paper, in the folder `look/`, and all of them on one sheet, `look/sheet.png`.
 * Words choose the kinds whose names contain one of them.
 */

const ROOT = join(import.meta.dirname, '../..')
const TARGET = join(ROOT, 'look')
const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'

/** The article with comments; the shipped content has it. */
const STORY = 'china-kasachstan'

interface Look {
  name: string
  path: string
  /** What a person does there before the picture is taken. */
  act?: (page: Page) => Promise<void>
  /** Whether somebody of the newsroom looks. */
  isStaff?: boolean
  /** Whether it is somebody who sells ads. */
  isSeller?: boolean
}

const LOOKS: readonly Look[] = [
  { name: 'front', path: '/' },
  { name: 'article', path: '/umsatzsteuer-e-paper/' },
  { name: 'article-with-comments', path: `/${STORY}/` },
  { name: 'article-with-everything', path: '/alles/' },
  { name: 'section', path: '/category/technik/' },
  { name: 'tag', path: '/tag/handel/' },
  { name: 'author', path: '/author/miriam-albers/' },
  { name: 'archive-year', path: '/2026/' },
  { name: 'archive-month', path: '/2023/05/' },
  { name: 'page-2', path: '/page/2/' },
  { name: 'search', path: '/search/?q=Handel' },
  { name: 'search-without-result', path: '/search/?q=Quastenflosser' },
  { name: 'static-page', path: '/datenschutz/' },
  { name: 'not-found', path: '/china-kasachstn/' },
  { name: 'gone', path: '/notiz-1/' },
  { name: 'desk-queue', path: '/desk/comments/', isStaff: true },
  {
    name: 'desk-comment',
    path: '/desk/comments/',
    isStaff: true,
    act: async (page) => {
      await page.locator('[data-open]').nth(1).click()
      await page.waitForLoadState()
    },
  },
  { name: 'desk-spam', path: '/desk/comments/?status=spam', isStaff: true },
  { name: 'desk-reports', path: '/desk/reports/', isStaff: true },
  { name: 'desk-ads', path: '/desk/ads/', isStaff: true, isSeller: true },
  { name: 'desk-ads-outlook', path: '/desk/ads/outlook/', isStaff: true, isSeller: true },
  { name: 'desk-ads-form', path: '/desk/ads/kontor-nordlicht/', isStaff: true, isSeller: true },
  { name: 'desk-ads-preview', path: '/desk/ads/kontor-nordlicht/preview/', isStaff: true, isSeller: true },
  { name: 'desk-ads-report', path: '/desk/ads/kontor-nordlicht/report/', isStaff: true, isSeller: true },
  {
    name: 'desk-ads-report-link',
    path: '/desk/ads/kontor-nordlicht/report/?von=2026-10-01&bis=2026-10-07',
    isStaff: true,
    isSeller: true,
    act: async (page) => {
      await page.getByRole('button', { name: 'Link für den Auftraggeber' }).click()
      await page.waitForLoadState()
    },
  },
  {
    name: 'shared-report',
    path: '/desk/ads/kontor-nordlicht/report/',
    isStaff: true,
    isSeller: true,
    act: async (page) => {
      await page.getByRole('button', { name: 'Link für den Auftraggeber' }).click()
      await page.goto(await page.getByLabel('Der neue Link').inputValue())
    },
  },
  {
    name: 'comment-error',
    path: '/umsatzsteuer-e-paper/',
    act: async (page) => {
      await page.locator('[name=name]').fill('Änne Groß')
      await page.locator('[name=email]').fill('aenne@')
      await page.locator('[name=text]').fill('Das sehe ich anders: Der Handel wächst seit Jahren.')
      await page.locator('.comment-form button').click()
      await page.waitForLoadState()
    },
  },
]

/** How a page is looked at. */
const WAYS = [
  { name: 'phone-light', width: 390, colours: 'light', media: 'screen' },
  { name: 'phone-dark', width: 390, colours: 'dark', media: 'screen' },
  { name: 'desktop-light', width: 1280, colours: 'light', media: 'screen' },
  { name: 'desktop-dark', width: 1280, colours: 'dark', media: 'screen' },
  { name: 'print', width: 718, colours: 'light', media: 'print' },
] as const
type Way = (typeof WAYS)[number]

const COMMENTS = [
  ['Änne Groß', 'Das sehe ich anders: Der Handel wächst seit Jahren, nur sieht man es in Europa kaum.'],
  [
    'T. Reimann',
    'Danke für die Zahlen.\n\nKönnten Sie beim nächsten Mal auch die Strecke über das Kaspische Meer zeigen?',
  ],
  ['Jo', 'Gut erklärt.'],
  [
    'Katrin Vollmer',
    'Ich habe bis 2019 in Almaty gearbeitet. Der größte Engpass war damals nicht die Schiene, sondern das Umladen an der Grenze: andere Spurweite, andere Papiere, andere Uhrzeit.',
  ],
  ['Sabine Kühn', 'Zur Strecke über das Kaspische Meer gibt es beim Hafen von Aktau gute Zahlen.'],
] as const

/** What waits at the desk, and what the judge made of it. */
const WAITING = [
  [
    'Werner Kolb',
    'Die Umladung dauert inzwischen nur noch acht Stunden. Steht das irgendwo in den Zahlen?',
    '',
  ],
  [
    'Ines Arnold',
    'Mich würde interessieren, wer die *neuen Terminals* bezahlt hat.',
    'https://ines-arnold.example',
  ],
  [
    'Best Loans',
    'Get money now https://kredit.example https://geld.example/jetzt without any questions!!!!',
    '',
  ],
  [
    'Кредит24',
    'Günstigе Krеdite hier: https://bit.ly/xyz und https://kredit.example/a https://kredit.example/b',
    '',
  ],
] as const

const words = process.argv.slice(2)
const chosen = LOOKS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
if (chosen.length === 0)
  throw new Error(`no kind of page has such a name; there are ${LOOKS.map((look) => look.name).join(', ')}`)

setup()
const site = await furnish()
const seller = await Colleague.open(site, 'editor', { name: 'Anna Petersen' })
const moderator = await Colleague.open(site, 'moderator', { name: 'Anna Petersen' })
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
try {
  await rm(TARGET, { recursive: true, force: true })
  await mkdir(TARGET, { recursive: true })
  for (const way of WAYS) await lookAtAll(way)
  await writeFile(join(TARGET, 'sheet.png'), await drawSheet(browser))
  console.log(`${chosen.length * WAYS.length} pictures and sheet.png in ${TARGET}`)
} finally {
  await browser.close()
  await site.close()
}

/** The shipped content, comments below some of it, and enough old notes for a second page of the list. */
async function furnish(): Promise<TestSite> {
  const opened = await TestSite.open()
  await publishShippedContent(opened)
  const sections = ['medien', 'wirtschaft', 'technik', 'werbung']
  const notes = Array.from({ length: 24 }, (_, index) =>
    article(`notiz-${index + 1}`, {
      title: `Notiz aus dem Archiv, Nummer ${index + 1}: was damals wichtig war`,
      section: sections[index % 4],
      date: `2023-05-${String(index + 1).padStart(2, '0')}T09:00:00+02:00`,
      tags: ['Archiv'],
    }),
  )
  await opened.publish('articles', everything, ...notes.slice(0, 12))
  await opened.publish('articles', ...notes.slice(12))
  await opened.api('DELETE', 'articles/notiz-1')
  for (const [slug, count] of [
    [STORY, 5],
    ['mehrwertsteuer-zeitung', 3],
    ['passkeys-umstieg', 2],
  ] as const)
    for (const [name, text] of COMMENTS.slice(0, count)) await opened.approvedComment(slug, { name, text })
  for (const [at, [name, text, website]] of WAITING.entries())
    await opened.comment(STORY, { name, text, website, email: `leser-${at}@beispiel.de` })
  const [reported] = await opened.comments(STORY)
  await opened.fetch(`/comments/${reported?.id}/report/`, {
    method: 'POST',
    body: new URLSearchParams({
      reason: 'insult',
      explanation: 'Hier wird ein Kollege mit Namen beschimpft.',
      glauben: '1',
    }),
  })
  await sellMore(opened)
  await insertFigures(opened.env.DB, {
    campaign: 'kontor-nordlicht',
    from: '2026-09-01',
    days: 80,
    hours: 16,
    creatives: ['a', 'b'],
    placements: ['in-article', 'list'],
  })
  return opened
}

/** Two campaigns with budgets for the same place, and four weeks in which the site was read. */
async function sellMore(opened: TestSite): Promise<void> {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  await opened.publish(
    'ads',
    campaign('hafenfest', {
      ...{ name: 'Hafenfest', advertiser: 'Hafen AG', start: day(-12), end: day(20) },
      budget: { views: 400_000 },
      placements: ['in-article'],
    }),
    campaign('herbstmesse', {
      ...{ name: 'Herbstmesse', advertiser: 'Messe Nord', start: day(-12), end: day(30) },
      budget: { views: 90_000 },
      placements: ['in-article', 'list'],
    }),
  )
  for (const id of ['hafenfest', 'herbstmesse'])
    await insertFigures(opened.env.DB, {
      ...{ campaign: id, from: day(-12), days: 12, hours: 10, creatives: ['a'] },
      placements: ['in-article'],
    })
  const shelf = opened.env.DB.prepare(
    'INSERT INTO ad_shelf (day, placement, section, offered, served, loaded) VALUES (?, ?, ?, ?, ?, ?)',
  )
  await opened.env.DB.batch(
    Array.from({ length: 28 }, (_, index) =>
      (['in-article', 'list', 'side'] as const).flatMap((placement, at) =>
        ['wirtschaft', 'technik', 'medien'].map((section, which) => {
          const offered = Math.round((9000 - 900 * ((index % 7) + 2 * which)) / (at + 1))
          return shelf.bind(day(-index), placement, section, offered, offered * 0.8, offered * 0.6)
        }),
      ),
    ).flat(),
  )
}

async function lookAtAll(way: Way): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: way.width, height: way.width === 390 ? 844 : 900 },
    colorScheme: way.colours,
    locale: 'de-DE',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    userAgent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  })
  await rememberFonts(context)
  for (const look of chosen) await lookAt(look, way, context)
  await context.close()
}

/** Visits a page with every font, so that each is at hand when a picture is taken: `font-display` is `optional`. */
async function rememberFonts(context: BrowserContext): Promise<void> {
  const page = await context.newPage()
  for (const url of [site.url, site.url.replace('127.0.0.1', 'localhost')]) {
    await page.goto(url)
    await page.evaluate(() =>
      Promise.all(Array.from(document.fonts, (font) => font.load().catch(() => null))),
    )
  }
  await page.close()
}

async function lookAt(
  { name, path, act, isStaff, isSeller }: Look,
  way: Way,
  context: BrowserContext,
): Promise<void> {
  const page = await context.newPage()
  if (isStaff) await context.addCookies([cookieOf(isSeller ? seller : moderator)])
  // The desk's cookie is for a secure origin, and localhost is one.
  await page.goto((isStaff ? site.url.replace('127.0.0.1', 'localhost') : site.url) + path)
  if (act) {
    await page.setExtraHTTPHeaders({ 'x-probe-now': new Date(Date.now() + 60_000).toISOString() })
    await act(page)
  }
  await page.emulateMedia({ media: way.media, colorScheme: way.colours })
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager'
    await Promise.all(Array.from(document.images, (image) => image.decode().catch(() => null)))
    await document.fonts.ready
  })
  await page.screenshot({ path: join(TARGET, `${name}--${way.name}.png`), fullPage: true })
  await page.close()
}

function cookieOf({ cookie }: Colleague) {
  const [name = '', value = ''] = cookie.split('=')
  return { name, value, url: 'https://localhost', secure: true, httpOnly: true, sameSite: 'Strict' as const }
}

/** One picture of all pictures: a row for each kind of page, a column for each way of looking. */
async function drawSheet(on: Browser): Promise<Buffer> {
  const rows = await Promise.all(
    chosen.map(async ({ name }) => {
      const pictures = await Promise.all(
        WAYS.map(async (way) => {
          const png = await readFile(join(TARGET, `${name}--${way.name}.png`))
          const width = way.width === 390 ? 195 : way.width === 1280 ? 400 : 260
          return `<td><img src="data:image/png;base64,${png.toString('base64')}" width="${width}"></td>`
        }),
      )
      return `<tr><th>${name}</th>${pictures.join('')}</tr>`
    }),
  )
  const page = await on.newPage({ viewport: { width: 1640, height: 800 } })
  const style =
    'body{margin:20px;background:#8a8a8a;font:14px sans-serif}td{vertical-align:top;padding:6px}th{vertical-align:top;text-align:left;padding:6px}td img{display:block;max-height:1100px;object-fit:cover;object-position:top}'
  const head = `<tr><th></th>${WAYS.map((way) => `<th>${way.name}</th>`).join('')}</tr>`
  await page.setContent(`<style>${style}</style><table>${head}${rows.join('')}</table>`)
  await page.evaluate(() =>
    // That of an ad that is counted is none.
    Promise.all(Array.from(document.images, (image) => image.matches('.ad-count') || image.decode())),
  )
  const png = await page.screenshot({ fullPage: true })
  await page.close()
  return png
}
