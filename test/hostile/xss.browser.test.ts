import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Draft } from '../../src/publish/wire.ts'
import { TestBrowser, type Visit } from '../support/browser.ts'
import { Colleague } from '../support/desk.ts'
import { article, paragraph, publishNewsroom, settings, slug } from '../support/fixture.ts'
import { freshAddress, TestSite } from '../support/site.ts'
import { HTML_VECTORS, TEXT_VECTORS } from '../support/vectors.ts'

/**
 * Everything people write, in every place it is shown, opened in a browser: no script runs, nothing foreign is
 * asked for, nobody is led away. Once as shipped, and once as if there were no Content-Security-Policy, so that
 * the escaping alone is proven.
 */

const VECTORS = [...new Set([...HTML_VECTORS, ...TEXT_VECTORS])]
const POLICIES = [
  { policy: 'with the policy', ignoresPolicy: false },
  { policy: 'without the policy', ignoresPolicy: true },
]
/** All without the policy, where only escaping helps; with it one in four, to see that it changes nothing of that. */
const chosen = <T>(all: readonly T[], ignoresPolicy: boolean): T[] =>
  all.filter((_, index) => ignoresPolicy || index % 4 === 0)
/** Articles of one tag: what one list shows. */
const PER_TAG = 30

let site: TestSite
let browser: TestBrowser
/** The number of the vector in each article that was taken. */
let published: { number: number; hasBody: boolean }[]
beforeAll(async () => {
  ;[site, browser] = await Promise.all([TestSite.open(), TestBrowser.launch()])
  await publishNewsroom(site, article('kommentare'), article('leer'))
  await site.publish('site', settings({ comments: { moderation: 'none' } }))
  published = await publishAll()
})
afterAll(() => Promise.all([site?.close(), browser?.close()]))

/** An article with a vector in every text of its front matter, and in its body if it may stand there. */
function hostileArticle(number: number, hasBody: boolean): Draft {
  const vector = VECTORS[number] ?? ''
  // The picture exists, so that the element is not refused for that.
  const markdown = vector.replaceAll(/src="?x"?(?=[\s/>])/g, 'src=bild.svg')
  const body = `Davor.\n\n# ${markdown}\n\n[${markdown}](<${markdown}>)\n\n- ${markdown}\n\n${markdown}\n\nDanach.`
  const text = (length: number) => [...vector].slice(0, length).join('').trim()
  return article(
    `angriff-${number}`,
    {
      title: text(110),
      description: text(220),
      ads: 'none',
      author: `autor-${number}`,
      tags: [`Gruppe ${Math.floor(number / PER_TAG)}`, text(60)],
      source: { name: text(120), url: 'https://beispiel.de/' },
      image: { src: 'bild.svg', alt: text(220), caption: text(400), credit: text(120) },
    },
    hasBody ? body : paragraph(1),
  )
}

/** An author whose every text is a vector. */
function hostileAuthor(number: number): Draft {
  const vector = VECTORS[number] ?? ''
  const text = (length: number) => [...vector].slice(0, length).join('').trim() || 'leer'
  const links = [{ name: text(60), url: 'https://beispiel.de/' }]
  return { slug: slug(`autor-${number}`), frontMatter: { name: text(60), role: text(120), links }, body: '' }
}

/** Publishes an article for each vector; where its body is refused, one with the front matter alone. */
async function publishAll(): Promise<{ number: number; hasBody: boolean }[]> {
  const numbers = VECTORS.map((_, number) => number)
  for (let at = 0; at < numbers.length; at += 20)
    await site.publish('authors', ...numbers.slice(at, at + 20).map(hostileAuthor))
  const withBody = new Set(await publishSome(numbers, true))
  const without = await publishSome(
    numbers.filter((number) => !withBody.has(number)),
    false,
  )
  return [...withBody, ...without].map((number) => ({ number, hasBody: withBody.has(number) }))
}

async function publishSome(numbers: number[], hasBody: boolean): Promise<number[]> {
  const taken: number[] = []
  for (let at = 0; at < numbers.length; at += 20) {
    const items = numbers.slice(at, at + 20).map((number) => hostileArticle(number, hasBody))
    const response = await site.api('POST', 'articles', { items })
    expect(response.status).toBe(200)
    const outcomes = (await response.json()) as { items: { slug: string; outcome: string }[] }
    for (const { slug, outcome } of outcomes.items) {
      if (outcome === 'created') taken.push(Number(slug.replace('angriff-', '')))
    }
  }
  return taken
}

/** What must not be on a page, whoever wrote on it. */
async function expectHarmless(page: Page, address: string, what: string): Promise<void> {
  expect(page.url(), what).toBe(address)
  const found = await page.evaluate(() => {
    const all = [...document.querySelectorAll('*')]
    const attributes = all.flatMap((element) =>
      [...element.attributes].map(({ name, value }) => ({ element: element.localName, name, value })),
    )
    const strange =
      'iframe, object, embed, base, frame, portal, video, audio, svg, math, template, applet, link:not([rel=icon], [rel=stylesheet][media=print][href^="/styles/print-"], [rel=stylesheet][href^="/styles/below-"], [rel=canonical], [rel=alternate], [rel=preload], [rel=search], [rel=prev], [rel=next])'
    return {
      ran: Reflect.get(window, '__xss'),
      // The site's own file, by its whole address, is none of theirs.
      scripts: [...document.scripts].filter(
        ({ type, src }) =>
          type !== 'application/ld+json' &&
          !new RegExp(`^${location.origin}/scripts/(?:ad|answer|queue|desk)-\\w+\\.js$`).test(src),
      ).length,
      data: [...document.scripts].filter(({ src }) => src === '').map(({ text }) => typeof JSON.parse(text)),
      styles: document.querySelectorAll('style').length,
      strange: document.querySelectorAll(strange).length,
      forms: [...document.forms].map(({ action }) => new URL(action).origin === location.origin),
      refreshes: document.querySelectorAll('meta[http-equiv]').length,
      handlers: attributes.filter(({ name }) =>
        /^on|^style$|^srcdoc$|^srcset$|^formaction$|^background$/.test(name),
      ),
      addresses: attributes.filter(
        ({ name, value }) =>
          /^(?:href|src|action|poster|data|xlink:href)$/.test(name) &&
          URL.canParse(value, location.href) &&
          !/^(?:https?:|mailto:)$/.test(new URL(value, location.href).protocol),
      ),
      ads: document.querySelectorAll('.ad-slot').length,
      mains: document.querySelectorAll('main, #inhalt').length,
    }
  })
  expect(found, what).toEqual({
    ...{
      ran: undefined,
      scripts: 0,
      styles: 1,
      strange: 0,
      refreshes: 0,
      handlers: [],
      addresses: [],
      ads: 0,
      mains: 1,
    },
    data: found.data.map(() => 'object'),
    forms: found.forms.map(() => true),
  })
}

/** A page as the site answered it. */
interface Answer {
  headers: Record<string, string>
  body: string
}

/** Opens addresses in four tabs at once; an answer given here is shown as if the site had just given it. */
async function openAll(
  visit: Visit,
  paths: readonly string[],
  answers: ReadonlyMap<string, Answer> = new Map(),
): Promise<void> {
  const waiting = [...paths]
  const work = async () => {
    const page = await visit.context.newPage()
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const address = visit.url(path)
      const answer = answers.get(path)
      if (answer) await page.route(address, (route) => route.fulfill({ status: 200, ...answer }))
      const response = await page.goto(address)
      expect(response?.status(), path).toBe(200)
      // These want no ad: one that is there stands where a vector has made its place.
      if (path.startsWith('/angriff-')) expect(await page.locator('.ad').count(), path).toBe(0)
      await expectHarmless(page, address, path)
      if (answer) await page.unroute(address)
    }
    await page.close()
  }
  await Promise.all([work(), work(), work(), work()])
}

test('there are more than two hundred vectors, and most may stand in an article', () => {
  expect(VECTORS.length).toBeGreaterThan(300)
  expect(published.length).toBeGreaterThan(VECTORS.length * 0.95)
  expect(published.filter(({ hasBody }) => hasBody).length).toBeGreaterThan(200)
})

describe.each(POLICIES)('$policy', ({ ignoresPolicy }) => {
  test('an article is harmless, whatever stands in its front matter and Markdown', async () => {
    await browser.visit(site, { ignoresPolicy }, async (_, visit) => {
      await openAll(
        visit,
        chosen(published, ignoresPolicy).map(({ number }) => `/angriff-${number}/`),
      )
    })
  })

  test('lists are harmless', async () => {
    const tags = Array.from({ length: Math.ceil(VECTORS.length / PER_TAG) }, (_, n) => `/tag/gruppe-${n}/`)
    await browser.visit(site, { ignoresPolicy }, async (_, visit) => {
      await openAll(visit, ['/', '/category/wirtschaft/', ...tags])
    })
  })
})

test('the instruments notice what runs and what is loaded', async () => {
  const show = (body: string) => {
    const answers = new Map([['/falle/', { headers: { 'content-type': 'text/html' }, body }]])
    return browser.visit(site, {}, (_, visit) => openAll(visit, ['/falle/'], answers))
  }
  const rest = '<main id="inhalt"></main><style></style>'
  await show(rest)
  await expect(show(`${rest}<p onclick="__xss=1">x</p>`)).rejects.toThrow(/deeply equal/)
  await expect(show(`${rest}<a href="javascript:__xss=1">x</a>`)).rejects.toThrow(/deeply equal/)
  await expect(show(`${rest}<img src="https://evil.example/x.png">`)).rejects.toThrow(/deeply equal/)
})

describe('comments', () => {
  let pages: string[]
  const answers: string[] = []
  beforeAll(async () => {
    for (const vector of VECTORS) {
      const name = [...vector].slice(0, 80).join('')
      const fields = { name, website: vector, text: `${vector}\nund https://beispiel.de/${vector}` }
      const statuses: number[] = []
      // An address that is none, or a character that is not allowed, is refused: then without it.
      for (const attempt of [fields, { ...fields, website: '' }, { ...fields, website: '', name: 'Leser' }]) {
        const response = await site.comment('kommentare', attempt)
        statuses.push(response.status)
        if (response.status === 303) break
      }
      expect([303, 422], vector).toContain(statuses.at(-1))
    }
    // What the judge took for spam is shown, too.
    for (const { id, status } of await site.comments('kommentare'))
      if (status !== 'approved') await site.api('POST', `comments/${String(id)}`, { status: 'approved' })
    const ids = (await site.comments('kommentare')).map(({ id }) => Number(id))
    expect(ids.length).toBeGreaterThan(VECTORS.length * 0.95)
    pages = ['/kommentare/']
    for (let at = 20; at < ids.length; at += 20) pages.push(`/kommentare/?ab=${ids[at]}`)
    // What is answered is quoted above the form.
    for (const id of ids) answers.push(`/kommentare/?antwort=${id}`)
  })

  test.each(POLICIES)(
    'are harmless at the desk, in lists, alone and in reports ($policy)',
    async ({ ignoresPolicy }) => {
      const anna = await Colleague.open(site, 'admin', { name: 'Anna' })
      const ids = (await site.comments('kommentare')).map(({ id }) => Number(id))
      for (const [index, vector] of VECTORS.slice(0, 40).entries())
        await site.fetch(`/comments/${ids[index]}/report/`, {
          method: 'POST',
          headers: { origin: site.url, 'cf-connecting-ip': freshAddress() },
          body: new URLSearchParams({
            reason: 'rules',
            explanation: vector,
            name: '',
            email: '',
            glauben: '1',
          }),
        })
      await browser.visit(site, { ignoresPolicy, isStaff: true }, async (page, visit) => {
        const [name = '', value = ''] = anna.cookie.split('=')
        const url = site.url.replace('http://127.0.0.1', 'https://localhost')
        await page
          .context()
          .addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Strict' }])
        const paths = ['/desk/reports/', '/desk/audit/']
        for (let at = ids.length - 1; at >= 0; at -= 20)
          paths.push(`/desk/comments/?status=approved&ab=${ids[at]}`)
        for (const id of ids.filter((_, index) => index % 4 === 0)) paths.push(`/desk/comments/${id}/`)
        for (const path of paths) {
          await page.goto(visit.url(path))
          await expectHarmless(page, visit.url(path), path)
        }
      })
    },
  )

  test.each(POLICIES)(
    'are harmless, whatever stands in text, name and website ($policy)',
    async ({ ignoresPolicy }) => {
      await browser.visit(site, { ignoresPolicy }, async (page, visit) => {
        let shown = 0
        for (const path of pages) {
          await page.goto(visit.url(path))
          await expectHarmless(page, visit.url(path), path)
          shown += await page.locator('.comment-list > li').count()
        }
        expect(shown).toBe((await site.comments('kommentare')).length)
        for (const path of chosen(answers, ignoresPolicy)) {
          await page.goto(visit.url(path))
          await expectHarmless(page, visit.url(path), path)
        }
      })
    },
  )

  test.each(POLICIES)(
    'that are refused come back harmless, in every field ($policy)',
    async ({ ignoresPolicy }) => {
      const token = await site.token('leer')
      const answers = new Map<string, Answer>()
      // Three at a time, each in a field of its own and all in the text: one field's value is as good as another's.
      for (let at = 0; at < VECTORS.length; at += 3) {
        const [name = '', email = '', website = ''] = VECTORS.slice(at, at + 3)
        const text = [name, email, website].join('\n')
        const response = await site.comment('leer', {
          name,
          email,
          website,
          text,
          parent: text,
          betreff: text,
          token,
        })
        expect(response.status, text).toBe(422)
        answers.set(`/antwort-${at}`, {
          headers: Object.fromEntries(response.headers),
          body: await response.text(),
        })
      }
      await browser.visit(site, { ignoresPolicy }, async (_, visit) => {
        await openAll(visit, chosen([...answers.keys()], ignoresPolicy), answers)
      })
    },
  )
})
