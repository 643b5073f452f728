import { logError } from '../http/log.ts'
import type { Site } from '../site/site.ts'
import { FORMATS, pathOfFeed } from './feed.ts'
import { addDueTopics, addTopicsOf, readTopics, returnTopics, takeTopics } from './store.ts'

/** Lists whose feeds the hub is told of in one request; more wait for the next minute. */
const LISTS_AT_ONCE = 60
const HUB_PATIENCE_MS = 10_000

/**
 * Tells the WebSub hub that the feeds of some articles' lists have something new, and of articles that have become
 * due meanwhile. Whatever goes wrong is logged and tried again by the next that comes: nobody waits for a hub, and
 * nothing fails because of it.
 */
export async function announce(slugs: readonly string[], site: Site): Promise<void> {
  try {
    const { hub } = (await site.snapshot()).settings
    if (!hub) return
    const { DB } = site.env
    await DB.batch([addTopicsOf(DB, slugs, site.timestamp), ...addDueTopics(DB, site.timestamp)])
    const lists = readTopics((await takeTopics(DB, LISTS_AT_ONCE).all()).results)
    if (lists.length === 0) return
    const isTold = await tell(
      hub,
      lists.flatMap((list) => feedsOf(list, site)),
    )
    if (!isTold) await returnTopics(DB, lists).run()
  } catch (error) {
    logError('not-announced', error)
  }
}

/** Asks the hub to fetch what has changed (PubSubHubbub 0.4 §7, which WebSub leaves to hub and publisher). */
async function tell(hub: string, feeds: readonly string[]): Promise<boolean> {
  const body = new URLSearchParams([['hub.mode', 'publish'], ...feeds.map((feed) => ['hub.url', feed])])
  try {
    const signal = AbortSignal.timeout(HUB_PATIENCE_MS)
    const response = await fetch(hub, { method: 'POST', body, redirect: 'manual', signal })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`answered ${response.status}`)
    return true
  } catch (error) {
    logError('hub-not-told', error)
    return false
  }
}

/** The addresses of a list's feeds, in every format. */
function feedsOf(list: string, { origin }: Site): string[] {
  const base = list === '' ? '/feed/' : `/${list.replace(/^section\//, 'category/')}/feed/`
  return FORMATS.map((format) => origin + pathOfFeed(base, format))
}
