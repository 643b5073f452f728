import * as v from 'valibot'
import type { AdEvent, Outgoing as OutgoingBatch } from './count.ts'
import { keyOf, type Tally } from './tally.ts'

/** SQL of the ledger's own storage, and nowhere else. */

const TABLES = `
  CREATE TABLE IF NOT EXISTS self (id TEXT NOT NULL, batch INTEGER NOT NULL);
  -- Batches of isolates that were taken, for when one is sent again.
  CREATE TABLE IF NOT EXISTS taken (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  -- What was counted of views, until their tokens are too old: by when that is, so that they go in one piece. See keyOfView.
  DROP TABLE IF EXISTS seen; -- where they stood before,
  DROP TABLE IF EXISTS view; -- which nothing reads any more
  CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY) WITHOUT ROWID;
  -- Clicks of the last hour. The address is a hash whose key changes daily.
  CREATE TABLE IF NOT EXISTS click (at INTEGER NOT NULL, address TEXT NOT NULL, campaign TEXT NOT NULL,
    hour TEXT NOT NULL, place TEXT NOT NULL, is_counted INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS click_address ON click (address, at);
  -- What is counted and not yet on its way to D1.
  CREATE TABLE IF NOT EXISTS count (place TEXT, hour TEXT, served INTEGER NOT NULL DEFAULT 0,
    loaded INTEGER NOT NULL DEFAULT 0, viewable INTEGER NOT NULL DEFAULT 0, clicks INTEGER NOT NULL DEFAULT 0,
    filtered INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (place, hour)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reason (campaign TEXT, hour TEXT, kind TEXT, reason TEXT, n INTEGER NOT NULL,
    PRIMARY KEY (campaign, hour, kind, reason)) WITHOUT ROWID;
  -- How much room for ads there was, how much of it was filled, and how many of those were loaded; not yet on its way to D1.
  CREATE TABLE IF NOT EXISTS shelf (hour TEXT, placement TEXT, section TEXT, offered INTEGER NOT NULL DEFAULT 0,
    served INTEGER NOT NULL DEFAULT 0, loaded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (hour, placement, section)) WITHOUT ROWID;
  -- The same over all places, for as long as it takes to know how the site is read in a week.
  CREATE TABLE IF NOT EXISTS traffic (hour TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
  -- What was counted of campaigns with a budget since they began.
  CREATE TABLE IF NOT EXISTS total (campaign TEXT PRIMARY KEY, served INTEGER NOT NULL, loaded INTEGER NOT NULL,
    clicks INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS steering (state TEXT NOT NULL);
  -- What is on its way to D1: at most one batch, until D1 has confirmed it.
  CREATE TABLE IF NOT EXISTS outgoing (batch INTEGER PRIMARY KEY, counts TEXT NOT NULL, reasons TEXT NOT NULL,
    shelves TEXT NOT NULL)`

/** Lines of a batch for D1, which D1 takes in one statement each. */
const MOST_LINES = 4000

/** Views that are marked in one statement: 600 kB of JSON. A text may have 2 MB. */
const MOST_VIEWS = 10_000

const Outgoing = v.object({ batch: v.number(), counts: v.string(), reasons: v.string(), shelves: v.string() })
const Total = v.object({ served: v.number(), loaded: v.number(), clicks: v.number() })
const Hour = v.object({ hour: v.string(), n: v.number() })

const Click = v.object({ row: v.number(), hour: v.string(), place: v.string(), is_counted: v.number() })
const Number1 = v.object({ n: v.number() })

/**
 * What is counted once: what happened to a view, behind the second in which its token becomes too old. As a text it is in the
 * order of these seconds, which have ten digits until 2286, and is read faster than three columns.
 */
const keyOfView = ({ expiresAt, kind, token }: AdEvent): string => `${expiresAt} ${kind} ${token}`

/** What the ledger holds, in a Durable Object's SQLite. */
export class LedgerStore {
  readonly #sql: SqlStorage
  /** What this ledger is called in D1: another one, with empty storage, begins to number anew. */
  readonly id: string

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLES)
    sql.exec(
      'INSERT INTO self (id, batch) SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM self)',
      crypto.randomUUID(),
    )
    this.id = v.parse(v.object({ id: v.string() }), sql.exec('SELECT id FROM self').one()).id
  }

  /** Whether a batch comes for the first time. */
  takes(id: string, now: number): boolean {
    return this.#sql.exec('INSERT OR IGNORE INTO taken (id, at) VALUES (?, ?)', id, now).rowsWritten > 0
  }

  /**
   * Marks views as counted.
   * @returns the events that are the first of their view and kind
   */
  see(events: readonly AdEvent[]): ReadonlySet<AdEvent> {
    const keys = events.map(keyOfView)
    const marked = new Set<unknown>()
    for (let at = 0; at < keys.length; at += MOST_VIEWS) {
      const rows = this.#sql
        .exec(
          'INSERT OR IGNORE INTO counted (key) SELECT value FROM json_each(?) RETURNING key',
          JSON.stringify(keys.slice(at, at + MOST_VIEWS)),
        )
        .raw()
      for (const [key] of rows) marked.add(key)
    }
    return new Set(events.filter((_, index) => marked.delete(keys[index])))
  }

  /** Adds what was tallied to the sums. */
  add(tally: Tally): void {
    const [counts, reasons, shelves] = [[...tally.counts], [...tally.reasons], [...tally.shelves]]
    this.#addAll(
      counts,
      `UPDATE total SET served = total.served + new.served, loaded = total.loaded + new.loaded,
         clicks = total.clicks + new.clicks
       FROM (SELECT value ->> 'campaign' AS campaign, sum(value ->> 'served') AS served,
         sum(value ->> 'loaded') AS loaded, sum(value ->> 'clicks') AS clicks FROM json_each(?) GROUP BY 1) AS new
       WHERE total.campaign = new.campaign`,
    )
    this.#addAll(
      counts,
      `INSERT INTO count (place, hour, served, loaded, viewable, clicks, filtered)
       SELECT value ->> 'place', value ->> 'hour', value ->> 'served', value ->> 'loaded', value ->> 'viewable',
         value ->> 'clicks', value ->> 'filtered' FROM json_each(?) WHERE true
       ON CONFLICT DO UPDATE SET served = served + excluded.served, loaded = loaded + excluded.loaded,
         viewable = viewable + excluded.viewable, clicks = clicks + excluded.clicks,
         filtered = filtered + excluded.filtered`,
    )
    this.#addAll(
      reasons,
      `INSERT INTO reason (campaign, hour, kind, reason, n)
       SELECT value ->> 'campaign', value ->> 'hour', value ->> 'kind', value ->> 'reason', value ->> 'n'
       FROM json_each(?) WHERE true
       ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    )
    this.#addAll(
      shelves,
      `INSERT INTO shelf (hour, placement, section, offered, served, loaded)
       SELECT value ->> 'hour', value ->> 'placement', value ->> 'section', value ->> 'offered', value ->> 'served',
         value ->> 'loaded' FROM json_each(?) WHERE true
       ON CONFLICT DO UPDATE SET offered = offered + excluded.offered, served = served + excluded.served,
         loaded = loaded + excluded.loaded`,
    )
    this.#addAll(
      shelves.filter(({ offered }) => offered > 0),
      `INSERT INTO traffic (hour, n)
       SELECT value ->> 'hour', sum(value ->> 'offered') FROM json_each(?) WHERE true GROUP BY 1
       ON CONFLICT DO UPDATE SET n = n + excluded.n`,
    )
  }

  /** Lines in one statement: each costs more than a line in it does. */
  #addAll(lines: readonly object[], sql: string): void {
    if (lines.length > 0) this.#sql.exec(sql, JSON.stringify(lines))
  }

  /** How many clicks came from an address since a moment. */
  clicksSince(address: number, since: number): number {
    return v.parse(
      Number1,
      this.#sql
        .exec('SELECT count(*) AS n FROM click WHERE address = ? AND at > ?', String(address), since)
        .one(),
    ).n
  }

  /** Clicks on a campaign that came from an address since a moment, the oldest first. */
  clicksOn(campaign: string, address: number, since: number): v.InferOutput<typeof Click>[] {
    return this.#sql
      .exec(
        'SELECT rowid AS row, hour, place, is_counted FROM click WHERE address = ? AND at > ? AND campaign = ? ORDER BY at, rowid',
        String(address),
        since,
        campaign,
      )
      .toArray()
      .map((row) => v.parse(Click, row))
  }

  insertClick({ at, address, place }: AdEvent, hour: string, isCounted: boolean): void {
    this.#sql.exec(
      'INSERT INTO click (at, address, campaign, hour, place, is_counted) VALUES (?, ?, ?, ?, ?, ?)',
      at,
      String(address),
      place.campaign,
      hour,
      keyOf(place),
      isCounted ? 1 : 0,
    )
  }

  /** Marks clicks as taken back. */
  takeBack(clicks: readonly v.InferOutput<typeof Click>[]): void {
    for (const { row } of clicks) this.#sql.exec('UPDATE click SET is_counted = 0 WHERE rowid = ?', row)
  }

  /**
   * What is to be brought to D1 next: what was on its way and may have arrived, or else what has been counted since,
   * with a number of its own. Null where there is nothing.
   * @param dayOf the day of the site's zone to which an hour belongs
   */
  nextBatch(dayOf: (hour: string) => string): OutgoingBatch | null {
    const waiting = this.#sql
      .exec('SELECT batch, counts, reasons, shelves FROM outgoing ORDER BY batch LIMIT 1')
      .toArray()
    if (waiting[0]) return v.parse(Outgoing, waiting[0])
    const counts = this.#sql
      .exec(
        `SELECT place, hour, served, loaded, viewable, clicks, filtered FROM count ORDER BY place, hour LIMIT ${MOST_LINES}`,
      )
      .toArray()
    const reasons = this.#sql
      .exec(
        `SELECT campaign, hour, kind, reason, n FROM reason ORDER BY campaign, hour, kind, reason LIMIT ${MOST_LINES}`,
      )
      .toArray()
    const shelves = this.#sql
      .exec('SELECT hour, placement, section, offered, served, loaded FROM shelf ORDER BY hour')
      .toArray()
    if (counts.length + reasons.length + shelves.length === 0) return null
    this.#sql.exec('DELETE FROM shelf')
    const last = counts.at(-1)
    if (last)
      this.#sql.exec('DELETE FROM count WHERE (place, hour) <= (?, ?)', last.place ?? null, last.hour ?? null)
    const end = reasons.at(-1)
    if (end)
      this.#sql.exec(
        'DELETE FROM reason WHERE (campaign, hour, kind, reason) <= (?, ?, ?, ?)',
        end.campaign ?? null,
        end.hour ?? null,
        end.kind ?? null,
        end.reason ?? null,
      )
    this.#sql.exec('UPDATE self SET batch = batch + 1')
    const dated = (hour: unknown) => ({ hour, day: dayOf(String(hour)) })
    const lines = counts.map(({ place, hour, ...numbers }) => {
      const [campaign, creative, placement, section, country, device] = String(place).split('\n')
      return { campaign, creative, placement, section, country, device, ...dated(hour), ...numbers }
    })
    this.#sql.exec(
      'INSERT INTO outgoing (batch, counts, reasons, shelves) SELECT batch, ?, ?, ? FROM self',
      JSON.stringify(lines),
      JSON.stringify(reasons.map(({ hour, ...reason }) => ({ ...dated(hour), ...reason }))),
      JSON.stringify(shelves.map(({ hour, ...shelf }) => ({ day: dayOf(String(hour)), ...shelf }))),
    )
    return this.nextBatch(dayOf)
  }

  /** Forgets a batch that has arrived. */
  arrived(batch: number): void {
    this.#sql.exec('DELETE FROM outgoing WHERE batch = ?', batch)
  }

  /** What was counted of a campaign since it began; null where that was never looked up. */
  totalOf(campaign: string): v.InferOutput<typeof Total> | null {
    const [row] = this.#sql
      .exec('SELECT served, loaded, clicks FROM total WHERE campaign = ?', campaign)
      .toArray()
    return row ? v.parse(Total, row) : null
  }

  /** Begins to add a campaign up: from what D1 has of it and what has not gone there yet. Nothing may be on its way. */
  beginTotal(campaign: string, { served, loaded, clicks }: v.InferOutput<typeof Total>): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO total (campaign, served, loaded, clicks)
       SELECT ?1, ?2 + coalesce(sum(served), 0), ?3 + coalesce(sum(loaded), 0), ?4 + coalesce(sum(clicks), 0)
       FROM count WHERE place >= ?1 || char(10) AND place < ?1 || char(11)`,
      campaign,
      served,
      loaded,
      clicks,
    )
  }

  /** How much room for ads there was by the hour, the oldest first. */
  traffic(): v.InferOutput<typeof Hour>[] {
    return this.#sql
      .exec('SELECT hour, n FROM traffic ORDER BY hour')
      .toArray()
      .map((row) => v.parse(Hour, row))
  }

  /** What was kept of the steering; null where nothing was. */
  get steering(): string | null {
    const [row] = this.#sql.exec('SELECT state FROM steering').toArray()
    return row ? v.parse(v.object({ state: v.string() }), row).state : null
  }

  set steering(state: string) {
    this.#sql.exec('DELETE FROM steering')
    this.#sql.exec('INSERT INTO steering (state) VALUES (?)', state)
  }

  /** Forgets what is good for nothing any more. Moments are milliseconds since 1970; `traffic` is an hour. */
  prune(now: number, { taken, clicks, traffic }: { taken: number; clicks: number; traffic: string }): void {
    this.#sql.exec('DELETE FROM traffic WHERE hour < ?', traffic)
    this.#sql.exec('DELETE FROM counted WHERE key < ?', String(Math.floor(now / 1000)))
    this.#sql.exec('DELETE FROM taken WHERE at < ?', taken)
    this.#sql.exec('DELETE FROM click WHERE at < ?', clicks)
  }

  /** Whether there are addresses that have to go. */
  hasAddresses(): boolean {
    return this.#sql.exec('SELECT 1 FROM click LIMIT 1').toArray().length > 0
  }
}
