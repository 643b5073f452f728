import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import { logError } from '../http/log.ts'
import { FRESH_MS } from '../http/page-cache.ts'
import { Content } from '../site/content.ts'
import { DAY_MS } from '../site/timestamp.ts'
import { type AdEvent, type CountBatch, dayOfHour, hourOf, type Served, type ToldChances } from './count.ts'
import { LedgerStore } from './ledger-store.ts'
import { totalsOf } from './report-store.ts'
import { AdSteering, isWorthTelling, weekOf } from './steering.ts'
import { addBatch } from './store.ts'
import { keyOf, Tally } from './tally.ts'

/** How often counts are brought to D1, at most. */
const DELIVER_MS = 10_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How soon campaigns are looked up again when one is counted that nobody has heard of. */
const UNHEARD_MS = 2000
/** How often chances are put into KV at most, for isolates that have just started. */
const TELL_MS = MINUTE_MS
/** How far back the week that the site is read in goes. */
const TRAFFIC_MS = 35 * DAY_MS

/** Clicks of one address within a minute that are looked at; no reader has more. */
const CLICKS_PER_MINUTE = 10
/** Clicks of one address on one campaign within an hour; more of them count as one. */
const CLICKS_PER_CAMPAIGN = 3
/** Views of one address that are reported as loaded, or as viewable, within a minute: what a house full of readers has. */
const VIEWS_PER_MINUTE = 300

/**
 * The one place where ads are counted. It takes what isolates bring, each view once, adds it up, and brings the sums to D1.
 * What it has confirmed is on the disk: the platform holds an answer back until then (Durable Objects, „output gate“).
 * Because it alone knows how much has been counted, it also says how often each campaign with a budget is to be shown.
 */
export class AdLedger extends DurableObject<Env> {
  readonly #store: LedgerStore
  readonly #content = new Content()
  readonly #steering = new AdSteering()
  #lookedAt = Number.NEGATIVE_INFINITY
  #week: { readonly at: number; readonly hours: readonly number[] } | null = null
  #told: { at: number; chances: ToldChances } = { at: Number.NEGATIVE_INFINITY, chances: null }
  /** Only one delivery at a time, and nothing is on its way while a campaign's sum is looked up. */
  #delivery: Promise<void> = Promise.resolve()
  /** Views of the current minute by kind and address. Never on the disk: a ledger that is started anew begins at none. */
  readonly #reported = { loaded: new Map<number, number>(), viewable: new Map<number, number>() }
  #minute = 0

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#store = new LedgerStore(state.storage.sql)
    const { steering } = this.#store
    if (steering) this.#steering.state = steering
  }

  /** Takes a batch; one that comes again changes nothing. */
  async take({ id, served, events }: CountBatch): Promise<ToldChances> {
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      if (!this.#store.takes(id, now)) return
      const tally = new Tally()
      for (const one of served) countServed(one, tally)
      const first = this.#store.see(events.filter(({ filter }) => filter === null))
      for (const event of events) this.#count(event, first.has(event), tally)
      this.#store.add(tally)
    })
    const isUnheard = served.some(
      ({ place: { campaign } }) => campaign !== '' && !this.#steering.hasHeardOf(campaign),
    )
    const due = await this.ctx.storage.getAlarm()
    // One that is long past will not come any more; one that is far away is for what has to be forgotten.
    if (due === null || Math.abs(due - now) > DELIVER_MS) await this.ctx.storage.setAlarm(now + DELIVER_MS)
    return this.#chancesAt(now, isUnheard ? UNHEARD_MS : FRESH_MS)
  }

  /** With which chance campaigns with a budget take part in draws from now on: for an isolate that has nothing to count. */
  async chances(): Promise<ToldChances> {
    return this.#chancesAt(Date.now(), FRESH_MS)
  }

  /** Nobody waits until it has looked at KV or D1: what it sees there counts the next time. */
  #chancesAt(now: number, lookEveryMs: number): ToldChances {
    if (Math.abs(now - this.#lookedAt) > lookEveryMs) {
      this.#lookedAt = now
      this.ctx.waitUntil(this.#look().catch((error) => logError('ad-campaigns-unknown', error)))
    }
    return this.#steering.chancesAt(now, (id) => this.#store.totalOf(id))
  }

  /** Looks up which campaigns there are, and what D1 has of those that were never added up. */
  async #look(): Promise<void> {
    const now = Date.now()
    this.#content.forget()
    const { campaigns, settings } = await this.#content.snapshot(this.env, new Date(now))
    if (!this.#week || now - this.#week.at > HOUR_MS)
      this.#week = { at: now, hours: weekOf(this.#store.traffic(), settings.timezone) }
    this.#steering.plan(campaigns, settings.timezone, this.#week.hours)
    const unknown = this.#steering.steered.filter((id) => !this.#store.totalOf(id))
    if (unknown.length > 0) await this.#inTurn(() => this.#addUp(unknown))
    await this.#tell(now)
  }

  async #addUp(campaigns: readonly string[]): Promise<void> {
    await this.#deliverAll()
    const totals = await totalsOf(this.env.DB, campaigns)
    this.ctx.storage.transactionSync(() => {
      for (const id of campaigns)
        this.#store.beginTotal(id, totals.get(id) ?? { served: 0, loaded: 0, clicks: 0 })
    })
  }

  /** Puts the chances into KV, for isolates that have not been told any: seldom, and only where much has changed. */
  async #tell(now: number): Promise<void> {
    const chances = this.#steering.chancesAt(now, (id) => this.#store.totalOf(id))
    if (!chances || now - this.#told.at < TELL_MS || !isWorthTelling(this.#told.chances, chances)) return
    await this.env.KV.put('chances', JSON.stringify(chances))
    this.#told = { at: now, chances }
  }

  /** Brings what was counted to D1. What fails is tried again, for as long as it takes. */
  override async alarm(): Promise<void> {
    try {
      await this.deliver()
      this.#store.steering = this.#steering.state
      await this.#tell(Date.now()).catch((error) => logError('ad-chances-not-told', error))
      if (this.#store.hasAddresses()) await this.ctx.storage.setAlarm(Date.now() + HOUR_MS)
    } catch (error) {
      logError('ad-counts-wait', error)
      await this.ctx.storage.setAlarm(Date.now() + DELIVER_MS)
    }
  }

  /** @throws where D1 does not answer */
  deliver(): Promise<void> {
    return this.#inTurn(() => this.#deliverAll())
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#delivery.then(work)
    this.#delivery = done.catch(() => {})
    return done
  }

  async #deliverAll(): Promise<void> {
    const now = Date.now()
    const { timezone } = (await this.#content.snapshot(this.env, new Date(now))).settings
    this.#store.prune(now, {
      taken: now - 10 * MINUTE_MS,
      clicks: now - HOUR_MS,
      traffic: hourOf(now - TRAFFIC_MS),
    })
    const dayOf = (hour: string) => dayOfHour(hour, timezone)
    const next = () => this.ctx.storage.transactionSync(() => this.#store.nextBatch(dayOf))
    for (let batch = next(); batch; batch = next()) {
      await addBatch(this.env.DB, this.#store.id, batch)
      this.#store.arrived(batch.batch)
    }
  }

  #count(event: AdEvent, isFirst: boolean, tally: Tally): void {
    const { kind, place, at } = event
    const hour = hourOf(at)
    const filter = event.filter ?? (isFirst ? this.#filterOf(event, hour, tally) : 'double')
    tally.add(keyOf(place), hour, filter ? 'filtered' : kind, 1)
    if (filter) tally.addReason(place.campaign, hour, kind, filter, 1)
    else if (kind === 'loaded') tally.addRoom(place, hour, 'loaded', 1)
  }

  #filterOf(event: AdEvent, hour: string, tally: Tally): 'rate' | null {
    const { kind, address } = event
    const isTooMuch = kind === 'clicks' ? this.#isTooMuch(event, hour, tally) : this.#isFlood(kind, address)
    return isTooMuch ? 'rate' : null
  }

  /** Whether more views are reported from an address than any number of readers behind it would have. */
  #isFlood(kind: 'loaded' | 'viewable', address: number): boolean {
    const minute = Math.floor(Date.now() / MINUTE_MS)
    if (minute !== this.#minute) for (const counts of Object.values(this.#reported)) counts.clear()
    this.#minute = minute
    const counts = this.#reported[kind]
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    return count > VIEWS_PER_MINUTE
  }

  /** Whether an address clicks more than a reader would; what was counted too much of it is taken back. */
  #isTooMuch(event: AdEvent, hour: string, tally: Tally): boolean {
    const { address, at, place } = event
    if (this.#store.clicksSince(address, at - MINUTE_MS) >= CLICKS_PER_MINUTE) return true
    const before = this.#store.clicksOn(place.campaign, address, at - HOUR_MS)
    const isTooMuch = before.length >= CLICKS_PER_CAMPAIGN
    const excess = isTooMuch ? before.filter(({ is_counted }) => is_counted === 1).slice(1) : []
    for (const click of excess) {
      tally.add(click.place, click.hour, 'clicks', -1)
      tally.add(click.place, click.hour, 'filtered', 1)
      tally.addReason(place.campaign, click.hour, 'clicks', 'rate', 1)
    }
    this.#store.takeBack(excess)
    this.#store.insertClick(event, hour, !isTooMuch)
    return isTooMuch
  }
}

/** Ads written into pages, and slots that stayed empty. */
function countServed({ place, hour, filter, n }: Served, tally: Tally): void {
  const isEmpty = place.campaign === ''
  if (filter === '') {
    tally.addRoom(place, hour, 'offered', n)
    if (!isEmpty) tally.addRoom(place, hour, 'served', n)
  }
  if (isEmpty) return
  tally.add(keyOf(place), hour, filter === '' ? 'served' : 'filtered', n)
  if (filter !== '') tally.addReason(place.campaign, hour, 'served', filter, n)
}
