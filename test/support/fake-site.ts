import * as v from 'valibot'
import { vi } from 'vitest'
import type { Campaign, Creative, Targeting } from '../../src/ad/campaign.ts'
import type { AdContext } from '../../src/ad/context.ts'
import type { CountBatch, ToldChances } from '../../src/ad/count.ts'
import { AdCounter } from '../../src/ad/counter.ts'
import type { Env } from '../../src/env.ts'
import { Keys } from '../../src/http/keys.ts'
import type { ComposedPage } from '../../src/http/page.ts'
import { PageCache } from '../../src/http/page-cache.ts'
import { textsOf } from '../../src/locale/locale.ts'
import type { Snapshot } from '../../src/site/content.ts'
import { emptySettings, Settings } from '../../src/site/settings.ts'
import type { Site } from '../../src/site/site.ts'
import { settings, slug } from './fixture.ts'

/** As much of a site as pages and ads ask for, without stores; its clock stands still until it is set. */
export class FakeSite {
  readonly pages: PageCache<ComposedPage>
  readonly texts = textsOf('de')
  readonly deferred: Promise<unknown>[] = []
  /** What came to the ledger. */
  readonly taken: CountBatch[] = []
  /** What the ledger answers. */
  told: ToldChances = null
  readonly ads = new AdCounter(() => new Keys('a-secret-for-tests-that-is-long-enough'))
  knownSnapshot: Snapshot | undefined
  now: Date

  constructor(now: string, campaigns: readonly Campaign[] = [], cacheBytes = 1024 * 1024) {
    this.now = new Date(now)
    this.pages = new PageCache(cacheBytes)
    this.knownSnapshot = {
      settings: v.parse(Settings, { ...settings().frontMatter, pages: {} }),
      campaigns,
      chances: null,
      isPublished: true,
      readAt: this.now.getTime(),
    }
  }

  /** The site as handlers take it. */
  get site(): Site {
    return this as unknown as Site
  }

  get settings(): Settings {
    return this.knownSnapshot?.settings ?? emptySettings
  }

  /** Waits until the key of its tokens is there. */
  isReady(): Promise<void> {
    return vi.waitUntil(() => this.ads.key !== undefined).then(() => {})
  }

  get env(): Pick<Env, 'AD_LEDGER'> {
    const take = async (batch: CountBatch) => {
      this.taken.push(batch)
      return this.told
    }
    return { AD_LEDGER: { getByName: () => ({ take, chances: async () => this.told }) } }
  }

  pass(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds)
  }

  defer(work: Promise<unknown>): void {
    this.deferred.push(work)
  }
}

/** A native creative as KV holds it. */
export const creative = (
  id: string,
  more: Partial<Extract<Creative, { kind: 'native' }>> = {},
): Creative => ({
  kind: 'native',
  id,
  share: 1,
  headline: `Anzeige ${id}`,
  text: 'Wir bringen Ihre Fracht ans Ziel.',
  button: 'Angebot anfordern',
  url: `https://example.com/${id}`,
  ...more,
})

/** What a campaign asks for that asks for nothing. */
export const ANYWHERE: Targeting = {
  sections: [],
  tags: [],
  articles: [],
  authors: [],
  hours: [],
  countries: [],
  devices: [],
}

/** A campaign as KV holds it, with one creative; it always runs. */
export const stored = (id: string, more: Partial<Campaign> = {}): Campaign => ({
  id: slug(id),
  name: `Anzeige ${id}`,
  advertiser: 'Kontor Nordlicht',
  state: 'ready',
  start: null,
  end: null,
  priority: 'sold',
  weight: 1,
  budget: {},
  pacing: 'even',
  target: ANYWHERE,
  sensitive: false,
  creatives: [creative(id)],
  ...more,
})

/** An article of no particular section, as ads are chosen for it. */
export const adContext = (more: Partial<AdContext> = {}): AdContext => ({
  page: 'article',
  slots: ['in-article'],
  section: 'wirtschaft',
  tags: [],
  article: 'artikel',
  authors: [],
  isSensitive: false,
  ...more,
})
