import type { IRequest } from 'itty-router'
import { fillSlots } from '../ad/fill.ts'
import { parseCommentId } from '../comment/comment.ts'
import type { FormState } from '../comment/fields.tsx'
import { readOwnComment } from '../comment/token.ts'
import { isShared, PLAIN, queryOf, type Reading, readCommentView } from '../comment/view.ts'
import { logError } from '../http/log.ts'
import { cachedPage, composePage, sendPage } from '../http/page.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { composeArticle, readArticle } from './compose.ts'
import { draftArticle, draftFormAlone } from './page.tsx'
import { parseSlug, type Slug } from './slug.ts'
import { articleKey } from './store.ts'
import { findSurroundings } from './surroundings.ts'

/** GET /:slug/ — an article or a static page. 200, 304, 404. */
export async function showArticle(request: IRequest, site: Site): Promise<Response> {
  const slug = parseSlug(request.params.slug)
  if (!slug) return missing(site)
  const reading = await readReading(request, slug, site)
  const key = site.pageKey(slug) + queryOf(reading.view)
  const page = isShared(reading)
    ? await cachedPage(key, site, () => composeArticle(slug, reading, site))
    : await composeArticle(slug, reading, site)
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

async function readValues(slug: Slug, site: Site): Promise<ReadonlyMap<string, string | null> | null> {
  try {
    return await site.read([articleKey(slug)])
  } catch (error) {
    logError('article-not-read', error, { slug })
    return null
  }
}
