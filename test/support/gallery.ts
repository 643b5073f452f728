import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page, Response } from 'playwright-core'
import type { Draft } from '../../src/publish/wire.ts'
import type { Visit } from './browser.ts'
import { article, paragraph } from './fixture.ts'
import { putRecordings } from './recordings.ts'
import { commentIdIn, TestSite, TOKEN } from './site.ts'

/** Every kind of page that the site has, on the content it ships with, for tests that look at all of them. */

const ROOT = new URL('../..', import.meta.url).pathname

/** Puts the content folder that ships with the site on it, by the command line, as a person would. */
export const publishShippedContent = (site: TestSite) => publishFolder(site, 'content')

/** Puts a whole newsroom in English on a site. */
export const publishEnglishContent = (site: TestSite) => publishFolder(site, 'test/fixtures/site-en')

async function publishFolder(site: TestSite, folder: string): Promise<void> {
  const command = ['src/cli/mw.ts', 'publish', folder, '--to', site.url]
  const env = { ...process.env, MW_TOKEN: TOKEN }
  try {
    await promisify(execFile)(process.execPath, command, { cwd: ROOT, env })
  } catch (error) {
    // A file that is refused is for `mw check` to complain about; the others are published all the same.
    if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error
  }
}

/** An article with everything that Markdown can make, long enough for an ad in its midst. */
export const everything: Draft = article(
  'alles',
  {
    title: 'Ein Artikel mit allem, was Markdown auf dieser Seite machen kann',
    section: 'medien',
    updated: '2026-01-16T10:00:00+01:00',
    source: { name: 'ots.at', url: 'https://www.ots.at' },
    translations: { en: 'everything' },
    image: { src: 'china-kasachstan.svg', alt: 'Ein Güterzug', caption: 'Ein Zug.', credit: 'Grafik: MW' },
  },
  `
${paragraph(1)} Ein Satz mit *Betonung*, **Nachdruck**, ~~Durchgestrichenem~~ und \`Quelltext\`.[^1]

${paragraph(2)} Ein [Link nach draußen](https://www.ots.at) und [einer nach drinnen](/impressum/).

${paragraph(3)}

${paragraph(4)}

${paragraph(5)}

## Eine Zwischenzeile mit „Anführung“ & Zeichen

- Ein Punkt
- Ein zweiter
  - Ein Unterpunkt

1. Erstens
2. Zweitens

### Noch eine Ebene tiefer

> Ein Zitat, das über zwei Zeilen geht,
> und in <span lang="en">two languages</span> spricht.

| Jahr | Wert in Milliarden US-Dollar | Bemerkung zur Herkunft | Noch eine Spalte |
| --- | ---: | :---: | --- |
| 2022 | 31 | berechnet | Donaudampfschifffahrtsgesellschaft |
| 2023 | 41 | gemeldet | ${'sehrlang'.repeat(12)} |

![Ein Balkendiagramm](handel-verdopplung.svg "Der Handel. | Grafik: MW")

\`\`\`ts
const veryLong = '${'x'.repeat(160)}'
\`\`\`

<details><summary>Mehr dazu</summary>

Ein Absatz, der <abbr title="Europäische Union">EU</abbr>, H<sub>2</sub>O, <kbd>Strg</kbd> und <mark>Markiertes</mark> enthält.

</details>

![Abend in der Steppe](steppe-abend.jpg "Abend in der Steppe. | Bild: MW")
![Lichter im Netz](lichter-im-netz.jpg "Lichter im Netz.")
![Papierlagen](papierlagen.jpg)

{{youtube dQw4w9WgXcQ "Wie eine Zeitung entsteht" papierlagen.jpg}}

{{spotify episode/4rOoJ6Egrf8K2IrywzwOMk}}

---

Eine Adresse, die nicht umbricht: https://www.beispiel.de/${'pfad/'.repeat(30)}

[^1]: Eine Fußnote mit *Betonung*.
[^2]: Eine, auf die niemand verweist.
`,
)

const recordings = `
${paragraph(1)}

![Die Redaktion bei der Arbeit](film.webm "Ein Tag im Haus | Film: MW")

${paragraph(2)}

![Gespräch mit der Verlegerin](gespraech.mp3 "20 Minuten über Papier")
`

/** Long enough for a table of contents. */
const longBody = ['Erster', 'Zweiter', 'Dritter']
  .map((word) => `## ${word} Teil\n\n${[1, 2, 3, 4].map(paragraph).join('\n\n')}`)
  .join('\n\n')

/** A kind of page and the way to it. */
export interface Kind {
  name: string
  status: number
  open: (page: Page, visit: Visit) => Promise<Response | null>
}

const at = (name: string, path: string, status = 200): Kind => ({
  name,
  status,
  open: (page, visit) => page.goto(visit.url(path)),
})

/** Fills in the comment form and sends it; the answer is the page it leads to. */
async function send(
  page: Page,
  fields: Record<string, string>,
  button: 'submit' | 'preview' = 'submit',
): Promise<Response | null> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value)
  const answered = page.waitForResponse(
    (response) => response.request().isNavigationRequest() && response.status() !== 303,
  )
  const buttons = page.locator('.comment-form button')
  await (button === 'submit' ? buttons.first() : buttons.last()).click()
  const response = await answered
  await page.waitForLoadState()
  return response
}

const PERSON = { name: 'Änne Groß', email: 'aenne@beispiel.de', website: 'https://beispiel.de' }

/** A way to the article, some time to read it, and a comment sent. */
const commenting =
  (path: string, seconds: number, fields: Record<string, string>): Kind['open'] =>
  async (page, visit) => {
    await page.goto(visit.url(path))
    await visit.passTime(seconds)
    return send(page, fields)
  }

export const KINDS: readonly Kind[] = [
  at('front page', '/'),
  at('section', '/category/wirtschaft/'),
  at('tag', '/tag/handel/'),
  at('article as shipped, without comments', '/china-kasachstan/'),
  at('article with everything and comments', '/alles/'),
  at('further comments', '/alles/?ab=3'),
  at('a thread', '/alles/?zu=1'),
  at('a comment that is to be answered', '/alles/?antwort=1'),
  at('article in another language, and its translation', '/everything/'),
  at('long article', '/lang/'),
  at('article with recordings', '/hoeren/'),
  at('article with closed comments', '/geschlossen/'),
  at('article without comments', '/stumm/'),
  at('author', '/author/miriam-albers/'),
  at('month of the archive', '/2026/05/'),
  at('year of the archive', '/2026/'),
  at('page of a long list', '/tag/reihe/page/2/'),
  at('search', '/search/?q=Handel'),
  at('search narrowed down', '/search/?q=Handel&section=wirtschaft&sort=date'),
  at('search that finds nothing', '/search/?q=Quastenflosser'),
  at('deleted article', '/geloescht/', 410),
  at('static page', '/datenschutz/'),
  at('address where nothing is', '/gibt-es-nicht/', 404),
  {
    name: 'form with mistakes',
    status: 422,
    open: commenting('/alles/', 60, { name: '', email: 'keine', website: 'auch keine', text: 'Ein Text' }),
  },
  {
    name: 'preview of a comment',
    status: 200,
    open: async (page, visit) => {
      await page.goto(visit.url('/alles/'))
      const text = '> Ein Zitat,\n> zwei Zeilen lang.\n\n- eins\n- zwei\n\n`Code` und **stark**\n\n```\n'
      return send(page, { ...PERSON, text: `${text}${'lang '.repeat(60)}\n\`\`\`` }, 'preview')
    },
  },
  {
    name: 'form sent too soon',
    status: 429,
    open: commenting('/alles/', -3600, { ...PERSON, text: 'Das ging schnell.' }),
  },
  {
    name: 'comment that waits for approval',
    status: 200,
    open: commenting('/alles/', 60, {
      ...PERSON,
      text: 'Ein Kommentar.\n\nMit zwei Absätzen und https://beispiel.de/.',
    }),
  },
  {
    name: 'article while D1 is down',
    status: 200,
    open: async (page, visit) => {
      await visit.instrument({ 'x-probe-down': 'd1' })
      return page.goto(visit.url('/alles/?ab=9'))
    },
  },
  {
    name: 'page while KV is down',
    status: 503,
    open: async (page, visit) => {
      await visit.instrument({ 'x-probe-down': 'kv' })
      return page.goto(visit.url('/nie-gelesen/'))
    },
  },
]

const FERRY = '/night-ferry-returns/'

/** The kinds of page of a newsroom in English, which looks and reads differently, too. */
export const ENGLISH_KINDS: readonly Kind[] = [
  at('front page', '/'),
  at('section', '/category/shipping/'),
  at('tag', '/tag/ferry/'),
  at('article with comments', FERRY),
  at('article without comments', '/tide-gauge/'),
  at('author', '/author/nora-whitfield/'),
  at('month of the archive', '/2026/03/'),
  at('year of the archive', '/2026/'),
  at('page of a long list', '/tag/log/page/2/'),
  at('search', '/search/?q=ferry'),
  at('search that finds nothing', '/search/?q=walrus'),
  at('static page', '/privacy/'),
  at('deleted article', '/removed/', 410),
  at('address where nothing is', '/night-fery-returns/', 404),
  {
    name: 'form with mistakes',
    status: 422,
    open: commenting(FERRY, 60, { name: '', email: 'none', website: 'none either', text: 'A text' }),
  },
  {
    name: 'comment that waits for approval',
    status: 200,
    open: commenting(FERRY, 60, { ...PERSON, text: 'A comment.\n\nIn two paragraphs.' }),
  },
]

/** Opens the newsroom in English with every kind of page. */
export async function openEnglishGallery(): Promise<TestSite> {
  const site = await TestSite.open()
  await publishEnglishContent(site)
  const log = Array.from({ length: 31 }, (_, n) =>
    article(
      `log-${n}`,
      {
        title: `Harbour log, day ${n + 1}`,
        description: 'Ships in, ships out.',
        section: 'shipping',
        tags: ['Log'],
        author: undefined,
        date: '2022-01-15T09:00:00Z',
      },
      'A quiet day.',
    ),
  )
  await site.publish('articles', ...log.slice(0, 16))
  await site.publish('articles', ...log.slice(16), article('removed', { section: 'town', author: undefined }))
  await site.api('DELETE', 'articles/removed')
  await site.approvedComment('night-ferry-returns', { text: 'At last.\n\nI shall be on the first one.' })
  return site
}

/** Opens a site that shows every kind of page. */
export async function openGallery(): Promise<TestSite> {
  const site = await TestSite.open()
  await publishShippedContent(site)
  await putRecordings(site)
  await site.publish(
    'articles',
    everything,
    article('everything', { title: 'An article in another language', language: 'en', section: 'medien' }),
    article('lang', {}, longBody),
    article('hoeren', { title: 'Ein Film und ein Gespräch' }, recordings),
    article('geschlossen', { comments: 'closed', tags: ['Handel', 'Medien & Märkte'] }),
    article('stumm', { comments: 'none', author: undefined, tags: [] }),
  )
  const series = Array.from({ length: 31 }, (_, n) =>
    article(
      `reihe-${n}`,
      { section: 'technik', tags: ['Reihe'], date: '2022-01-15T09:00:00+01:00' },
      'Kurz.',
    ),
  )
  await site.publish('articles', ...series.slice(0, 16))
  await site.publish('articles', ...series.slice(16), article('geloescht'))
  await site.api('DELETE', 'articles/geloescht')
  for (const [index, website] of ['', 'https://beispiel.de/', ''].entries()) {
    const parent = String([undefined, 1, 2][index] ?? '')
    const text = `Kommentar ${index}: „So ist es.“\nNeue Zeile 🙂\n\nMit https://beispiel.de/${'lang'.repeat(40)} darin.`
    const response = await site.comment('alles', { name: `Leserin ${index}`, website, text, parent })
    await site.api('POST', `comments/${commentIdIn(response)}`, { status: 'approved' })
  }
  return site
}

/** Both newsrooms, for tests that look at all pages in both languages. */
export const GALLERIES = [
  { language: 'de', kinds: KINDS, open: openGallery },
  { language: 'en', kinds: ENGLISH_KINDS, open: openEnglishGallery },
] as const
