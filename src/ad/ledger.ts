import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import { logError } from '../http/log.ts'
import { type AdEvent, type CountBatch, hourOf } from './count.ts'
import { LedgerStore } from './ledger-store.ts'
import { addBatch } from './store.ts'

/** How often counts are brought to D1, at most. */
const DELIVER_MS = 10_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Clicks of one address within a minute that are looked at; no reader has more. */
const CLICKS_PER_MINUTE = 10
/** Clicks of one address on one campaign within an hour; more of them count as one. */
const CLICKS_PER_CAMPAIGN = 3
/** Views of one address that are reported as loaded, or as viewable, within a minute: what a house full of readers has. */
const VIEWS_PER_MINUTE = 300

/**
 * The one place where ads are counted. It takes what isolates bring, each view once, adds it up, and brings the sums to D1.
 * What it has confirmed is on the disk: the platform holds an answer back until then (Durable Objects, „output gate“).
 */
export class AdLedger extends DurableObject<Env> {
  readonly #store: LedgerStore
  /** Views of the current minute by kind and address. Never on the disk: a ledger that is started anew begins at none. */
  readonly #reported = new Map<string, number>()
  #minute = 0

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#store = new LedgerStore(state.storage.sql)
  }

  /** Takes a batch; one that comes again changes nothing. */
  async take({ id, served, events }: CountBatch): Promise<void> {
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      if (!this.#store.takes(id, now)) return
      for (const { place, hour, filter, n } of served) {
        this.#store.add(place, hour, filter === '' ? 'served' : 'filtered', n)
        if (filter !== '') this.#store.addReason(place.campaign, hour, 'served', filter, n)
      }
      for (const event of events) this.#count(event)
    })
    const due = await this.ctx.storage.getAlarm()
    // One that is long past will not come any more; one that is far away is for what has to be forgotten.
    if (due === null || Math.abs(due - now) > DELIVER_MS) await this.ctx.storage.setAlarm(now + DELIVER_MS)
  }

  /** Brings what was counted to D1. What fails is tried again, for as long as it takes. */
  override async alarm(): Promise<void> {
    try {
      await this.deliver()
      if (this.#store.hasAddresses()) await this.ctx.storage.setAlarm(Date.now() + HOUR_MS)
    } catch (error) {
      logError('ad-counts-wait', error)
      await this.ctx.storage.setAlarm(Date.now() + DELIVER_MS)
    }
  }

  /** @throws where D1 does not answer */
  async deliver(): Promise<void> {
    const now = Date.now()
    this.#store.prune(now, { taken: now - 10 * MINUTE_MS, clicks: now - HOUR_MS })
    const next = () => this.ctx.storage.transactionSync(() => this.#store.nextBatch())
    for (let batch = next(); batch; batch = next()) {
      await addBatch(this.env.DB, this.#store.id, batch)
      this.#store.arrived(batch.batch)
    }
  }

  #count(event: AdEvent): void {
    const { kind, place, at } = event
    const hour = hourOf(at)
    const filter = event.filter ?? this.#filterOf(event, hour)
    if (filter === 'resent') return
    this.#store.add(place, hour, filter ? 'filtered' : kind, 1)
    if (filter) this.#store.addReason(place.campaign, hour, kind, filter, 1)
  }

  #filterOf(event: AdEvent, hour: string): 'double' | 'rate' | 'resent' | null {
    const seen = this.#store.see(event)
    if (seen !== 'first') return seen === 'again' ? 'double' : seen
    const isTooMuch = event.kind === 'clicks' ? this.#isTooMuch(event, hour) : this.#isFlood(event)
    return isTooMuch ? 'rate' : null
  }

  /** Whether more views are reported from an address than any number of readers behind it would have. */
  #isFlood({ kind, address }: AdEvent): boolean {
    const minute = Math.floor(Date.now() / MINUTE_MS)
    if (minute !== this.#minute) this.#reported.clear()
    this.#minute = minute
    const key = `${kind} ${address}`
    const count = (this.#reported.get(key) ?? 0) + 1
    this.#reported.set(key, count)
    return count > VIEWS_PER_MINUTE
  }

  /** Whether an address clicks more than a reader would; what was counted too much of it is taken back. */
  #isTooMuch(event: AdEvent, hour: string): boolean {
    const { address, at, place } = event
    if (this.#store.clicksSince(address, at - MINUTE_MS) >= CLICKS_PER_MINUTE) return true
    const before = this.#store.clicksOn(place.campaign, address, at - HOUR_MS)
    const isTooMuch = before.length >= CLICKS_PER_CAMPAIGN
    const counted = before.filter(({ is_counted }) => is_counted === 1)
    if (isTooMuch && counted.length > 1) this.#store.takeBack(place.campaign, counted.slice(1))
    this.#store.insertClick(event, hour, !isTooMuch)
    return isTooMuch
  }
}
