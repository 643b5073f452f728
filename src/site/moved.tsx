import { parseSlug } from '../article/slug.ts'
import { readTrace, selectTrace, type Trace } from '../article/store.ts'
import { logError } from '../http/log.ts'
import { redirect } from '../http/page.ts'
import { closest } from '../publish/issue.ts'
import { properAddress } from './address.ts'
import { gone, notFound } from './errors.tsx'
import type { Site } from './site.ts'

/**
 * Sends a reader from another spelling of an address to where the address leads in the end, in one redirect: to the
 * article whose old address it is, or to its one spelling. Null for an address that is spelled as it should be.
 */
export async function respell(request: Request, site: Site): Promise<Response | null> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null
  const url = new URL(request.url)
  const address = properAddress(url)
  if (address.startsWith('/?p=')) return missing(site) // never the front page, which is what the path says
  if (address === url.pathname + url.search) return null
  const trace = await findTrace(address, site)
  return redirect(trace?.movedTo ? `/${trace.movedTo}/` : address, 301)
}

/** What to say where nothing is found: 301 to where the article is now, 410 where one was deleted, else 404. */
export async function missing(site: Site): Promise<Response> {
  const url = new URL(site.requestUrl)
  const trace = await findTrace(properAddress(url), site)
  if (trace?.movedTo) return redirect(`/${trace.movedTo}/`, 301)
  const words = wordsOf(url.pathname)
  if (trace?.isGone) return gone(site, words)
  const slug = slugOf(url.pathname)
  const nearest =
    slug && trace
      ? closest(
          slug,
          trace.alike.map((one) => one.slug),
        )
      : undefined
  return notFound(site, { words, nearest: trace?.alike.find((one) => one.slug === nearest) })
}

/** What D1 knows of an address; null while it does not answer, for then nothing can be said but that it is not found. */
async function findTrace(address: string, site: Site): Promise<Trace | null> {
  const path = address.startsWith('/?p=') ? address : address.replace(/\?.*$/, '')
  try {
    const { rows } = await site.batch(selectTrace(site.env.DB, path, slugOf(path), site.timestamp))
    return readTrace(rows)
  } catch (error) {
    logError('address-not-looked-up', error)
    return null
  }
}

/** The article an address would be: its only part, or its last. */
const slugOf = (path: string) => parseSlug(path.replace(/\/$/, '').split('/').at(-1))

/** What may be searched for instead: the words of the address. */
function wordsOf(path: string): string {
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  const text = last.replace(/\.\w+$/, '').replace(/[-_+]+/g, ' ')
  try {
    return decodeURIComponent(text).trim().slice(0, 80)
  } catch {
    return ''
  }
}
