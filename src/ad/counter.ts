import type { CMAC } from '@stablelib/cmac'
import type { Env } from '../env.ts'
import { fromBase64url, utf8 } from '../http/bytes.ts'
import type { Keys } from '../http/keys.ts'
import { logError } from '../http/log.ts'
import {
  type AdEvent,
  type Counted,
  type Filter,
  hourOf,
  type Kind,
  type Place,
  type Served,
  type ToldChances,
} from './count.ts'
import type { Chances } from './plan.ts'
import { remembered } from './remembered.ts'
import { cmacOf } from './token.ts'

/** How much of a site counting needs. */
interface Counting {
  readonly env: Env
  readonly now: Date
  defer(work: Promise<unknown>): void
}

/** How long views are held before they are brought to the ledger together, and what a crash loses of them at most. */
const HOLD_MS = 1000
/** A request that was to bring them may have been ended by the platform: after this the next one does. */
const LATE_MS = 3000
/** How long a reader who clicked waits for the ledger. */
const PATIENCE_MS = 2000
/** How often the ledger is asked for chances where there is nothing to count, and for how long an answer of it is good. */
const ASK_MS = 30_000
const TOLD_MS = 90_000
/** How soon one is asked again that has just started, and does not know its campaigns yet. */
const ASK_AGAIN_MS = 1000

/** What an isolate has counted and not yet brought to the ledger, and the key of its tokens. */
export class AdCounter {
  /** Undefined until it is derived, and where the site has no secret: then nothing is counted. */
  key: CMAC | undefined
  #served: Served[] = []
  /** What of them can be added to still, by what filters it and where it is: all of one hour. */
  readonly #open = new Map<Filter | '', Map<Place, Served>>()
  #hour = ''
  #views: Report[] = []
  /** When what is held is brought, in milliseconds since 1970; 0 where nothing is held. */
  #dueAt = 0
  #wake = () => {}
  #told: Chances = null
  #toldAt = Number.NEGATIVE_INFINITY
  #askedAt = Number.NEGATIVE_INFINITY
  readonly #addresses: AddressHashes

  /** @param secrets throws where the site has no secret */
  constructor(secrets: () => Keys) {
    this.#addresses = new AddressHashes(secrets)
    this.#derive(secrets).catch((error) => logError('ad-not-counted', error, { what: 'everything' }))
  }

  async #derive(secrets: () => Keys): Promise<void> {
    this.key = cmacOf(await keyOf(secrets(), 'ad-token', 'aes'))
  }

  /** Counts what is written into one page: nothing to wait for, nothing stored. */
  countServed(ads: readonly Counted[], filter: Filter | null, site: Counting): void {
    if (ads.length === 0) return
    const hour = hourOf(site.now.getTime())
    for (const ad of ads) this.#lineOf(ad, hour, filter).n++
    this.#bringSoon(site)
  }

  /** The line of this batch in which an ad is counted. */
  #lineOf(ad: Counted, hour: string, filter: Filter | null): Served {
    const { line: last } = ad
    if (filter === null && last?.hour === hour && ad.batch === this.#served) return last
    const open = this.#openAt(hour, filter ?? '')
    let line = open.get(ad.place)
    if (!line) {
      line = { place: ad.place, hour, filter: filter ?? '', n: 0 }
      open.set(ad.place, line)
      this.#served.push(line)
    }
    if (filter === null) {
      ad.line = line
      ad.batch = this.#served
    }
    return line
  }

  /**
   * With which chance campaigns take part in draws: as the ledger said last, and in an isolate that it has told nothing of
   * late as it left word in KV.
   */
  chances(inKv: Chances, site: Counting): Chances {
    const now = Date.now()
    if (now - this.#askedAt > ASK_MS) {
      this.#askedAt = now
      const asked = ledgerOf(site.env)
        .chances()
        .then((chances) => this.#hear(chances))
      site.defer(asked.catch((error) => logError('ad-chances-unknown', error)))
    }
    return now - this.#toldAt < TOLD_MS ? this.#told : inKv
  }

  #hear(chances: ToldChances | undefined): void {
    if (!chances) {
      this.#askedAt = Math.min(this.#askedAt, Date.now() - ASK_MS + ASK_AGAIN_MS)
      return
    }
    this.#told = new Map(Object.entries(chances))
    this.#toldAt = this.#askedAt = Date.now()
  }

  #openAt(hour: string, filter: Filter | ''): Map<Place, Served> {
    if (hour !== this.#hour) this.#open.clear()
    this.#hour = hour
    return remembered(this.#open, filter, () => new Map<Place, Served>())
  }

  /** Counts what is reported of a view, within a second. */
  countView(report: Report, site: Counting): void {
    this.#views.push(report)
    this.#bringSoon(site)
  }

  /**
   * Counts a click, and resolves when it is written down. Where the ledger does not answer it resolves all the same,
   * and the log says so.
   */
  async countClick(report: Report, site: Counting): Promise<void> {
    const sent = this.#bring([], [report], site.env)
    site.defer(sent)
    let timer: ReturnType<typeof setTimeout> | undefined
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS)
    })
    await Promise.race([sent, tooLong])
    clearTimeout(timer)
  }

  /** Brings what is held, now. */
  async flush(env: Env): Promise<void> {
    const [served, views] = [this.#served, this.#views]
    this.#served = []
    this.#open.clear()
    this.#views = []
    this.#dueAt = 0
    this.#wake()
    if (served.length + views.length > 0) await this.#bring(served, views, env)
  }

  /** Brings a batch to the ledger, twice if need be: the ledger takes each only once. Never throws. */
  async #bring(served: readonly Served[], reports: readonly Report[], env: Env): Promise<void> {
    try {
      const batch = { id: crypto.randomUUID(), served, events: await this.#addresses.hide(reports) }
      const chances = await ledgerOf(env)
        .take(batch)
        .catch(() => ledgerOf(env).take(batch))
      this.#hear(chances)
    } catch (error) {
      logError('ad-not-counted', error, sumUp(served, reports))
    }
  }

  #bringSoon(site: Counting): void {
    // The time of the request: to ask for another one with each ad costs more than to count it.
    const now = site.now.getTime()
    if (Math.abs(now - this.#dueAt) < LATE_MS) return
    this.#dueAt = now + HOLD_MS
    const held = new Promise<void>((resolve) => {
      this.#wake = resolve
      setTimeout(resolve, HOLD_MS)
    })
    site.defer(held.then(() => this.flush(site.env)))
  }
}

/** What a reader's browser reports, as an isolate holds it for a second: with the address that it came from. */
export type Report = Omit<AdEvent, 'address'> & { readonly network: string }

/** Turns addresses into what the ledger may know of them: a CMAC with a key that is another one each day. */
class AddressHashes {
  readonly #secrets: () => Keys
  #day = ''
  #key: Promise<CMAC> | undefined

  constructor(secrets: () => Keys) {
    this.#secrets = secrets
  }

  async hide(reports: readonly Report[]): Promise<AdEvent[]> {
    const key = reports[0] && (await this.#keyAt(reports[0].at))
    return key ? reports.map(({ network, ...event }) => ({ ...event, address: hashOf(network, key) })) : []
  }

  #keyAt(at: number): Promise<CMAC> {
    const day = hourOf(at).slice(0, 10)
    if (day !== this.#day || !this.#key) {
      this.#day = day
      this.#key = keyOf(this.#secrets(), 'ip-hash', day).then(cmacOf)
    }
    return this.#key
  }
}

const hash = new Uint32Array(4)
const hashBytes = new Uint8Array(hash.buffer)

/** 53 bits, which a number has. */
function hashOf(network: string, key: CMAC): number {
  key.reset().update(utf8(network)).finish(hashBytes)
  return (hash[0] ?? 0) * 2 ** 21 + ((hash[1] ?? 0) >>> 11)
}

/** Sixteen bytes of the site's secret, for one purpose. */
async function keyOf(
  keys: Keys,
  purpose: 'ad-token' | 'ip-hash',
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = fromBase64url(await keys.hash(purpose, text))
  if (!bytes) throw new Error('a hash is base64url')
  return bytes
}

const ledgerOf = ({ AD_LEDGER }: Env) => AD_LEDGER.getByName('ads')

/** What a batch would have counted, for the log. */
function sumUp(served: readonly Served[], reports: readonly Report[]): Record<Kind, number> {
  const of = (kind: Kind) => reports.filter((report) => report.kind === kind).length
  return {
    served: served.reduce((sum, { place, n }) => sum + (place.campaign === '' ? 0 : n), 0),
    loaded: of('loaded'),
    viewable: of('viewable'),
    clicks: of('clicks'),
  }
}
