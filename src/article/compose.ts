import { makeToken } from '../comment/token.ts'
import { isShared, type Reading } from '../comment/view.ts'
import { logError } from '../http/log.ts'
import { type ComposedPage, composePage } from '../http/page.ts'
import { parseStored } from '../site/content.ts'
import type { Site } from '../site/site.ts'
import { composeStaticPage, staticPageKey } from '../site/static-page.tsx'
import { Article } from './article.ts'
import { draftArticle } from './page.tsx'
import type { Slug } from './slug.ts'
import { articleKey, distrust } from './store.ts'
import { findSurroundings } from './surroundings.ts'

/** Composes a page from one read of KV and one round trip to D1, at the same time. */
export async function composeArticle(slug: Slug, reading: Reading, site: Site): Promise<ComposedPage | null> {
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
export function readArticle(
  slug: Slug,
  values: ReadonlyMap<string, string | null>,
  site: Site,
): Article | null {
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
