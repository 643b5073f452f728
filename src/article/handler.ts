import type { IRequest } from 'itty-router'
import { fillSlots } from '../ad/fill.ts'
import { parseCommentId } from '../comment/comment.ts'
import type { FormState } from '../comment/fields.tsx'
import { makeToken, readOwnComment } from '../comment/token.ts'
import { isShared, PLAIN, queryOf, type Reading, readCommentView } from '../comment/view.ts'
import { logError } from '../http/log.ts'
import { type ComposedPage, cachedPage, composePage, sendPage } from '../http/page.ts'
import { parseStored } from '../site/content.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { composeStaticPage, staticPageKey } from '../site/static-page.tsx'
import { Article } from './article.ts'
import { draftArticle, draftFormAlone } from './page.tsx'
import { parseSlug, type Slug } from './slug.ts'
import { articleKey, distrust } from './store.ts'
import { findSurroundings } from './surroundings.ts'

/** GET /:slug/ — an article or a static page. 200, 304, 404. */
export async function showArticle(request: IRequest, site: Site): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  if (!slug) return missing(site)
  const reading = await readReading(request, slug, site)
  const key = site.pageKey(slug) + queryOf(reading.view)
  const page = isShared(reading)
    ? await cachedPage(key, site, () => compose(slug, reading, site))
    : await compose(slug, reading, site)
  return page ? sendPage(page, request, site, fillSlots) : missing(site)
}

/** An article's page again, with a comment that was not stored: everything typed is still there. 404. */
export async function showUnsaved(
  request: IRequest,
  slug: Slug,
  form: FormState,
  answer: { status: number; token: string; headers: Readonly<Record<string, string>> },
  site: Site,
): Promise<Response> {
  const { status, token, headers } = answer
  const reading = { ...PLAIN, own: form.editing ?? null, answering: parseCommentId(form.typed.parent) }
  const [values, around] = await Promise.all([readValues(slug, site), findSurroundings(slug, reading, site)])
  const article = values && readArticle(slug, values, site)
  if (values && !article) return missing(site)
  const parts = { around, form, token }
  const draft = await (article ? draftArticle(article, parts, site) : draftFormAlone(slug, parts, site))
  // One reader's own, also where it is only a preview and nothing is wrong.
  const page = await composePage(
    { ...draft, status, headers: { ...draft.headers, ...headers }, isKept: false },
    site.now,
  )
  return sendPage(page, request, site, fillSlots)
}

/** Which comments the address asks for; the reader's own only when it is signed by this site. */
async function readReading({ url }: IRequest, slug: Slug, site: Site): Promise<Reading> {
  const { search, searchParams } = new URL(url)
  if (search === '') return PLAIN
  const answering = parseCommentId(searchParams.get('antwort') ?? '')
  return {
    view: answering === null ? readCommentView(searchParams) : { kind: 'thread', from: answering },
    own: await readOwnComment(site.keys, slug, searchParams.get('kommentar')),
    isEditing: searchParams.has('aendern'),
    answering,
    hasDeleted: searchParams.has('geloescht'),
  }
}

/** Composes a page from one read of KV and one round trip to D1, at the same time. */
async function compose(slug: Slug, reading: Reading, site: Site): Promise<ComposedPage | null> {
  const [values, around] = await Promise.all([
    site.read([articleKey(slug), staticPageKey(slug)]),
    findSurroundings(slug, reading, site),
  ])
  const article = readArticle(slug, values, site)
  if (!article) return composeStaticPage(values.get(staticPageKey(slug)) ?? null, slug, site)
  const token = await makeToken(site.keys, slug, site.now)
  const draft = await draftArticle(article, { around, form: null, token }, site)
  return composePage(
    { ...draft, isKept: around !== null && isShared(reading), nextDue: around?.nextDue ?? null },
    site.now,
  )
}

/** The published article among values read from KV; null when it is missing, unreadable or not due yet. */
function readArticle(slug: Slug, values: ReadonlyMap<string, string | null>, site: Site): Article | null {
  const stored = values.get(articleKey(slug)) ?? null
  const article = parseStored(articleKey(slug), Article, stored)
  if (stored !== null && article === null) site.defer(askForRepublish(slug, site))
  return article && article.date <= site.timestamp ? article : null
}

/** A value that can't be read is healed by the next publish, because the catalogue no longer vouches for it. */
async function askForRepublish(slug: Slug, site: Site): Promise<void> {
  try {
    await distrust(site.env.DB, slug).run()
  } catch (error) {
    logError('distrust-failed', error, { slug })
  }
}

async function readValues(slug: Slug, site: Site): Promise<ReadonlyMap<string, string | null> | null> {
  try {
    return await site.read([articleKey(slug)])
  } catch (error) {
    logError('article-not-read', error, { slug })
    return null
  }
}
