import { keepNotices } from '../ad/notice-store.ts'
import { IDLE_MS } from '../desk/session-store.ts'
import type { Settings } from '../site/settings.ts'
import type { Site } from '../site/site.ts'
import { DAY_MS, timestampOf } from '../site/timestamp.ts'
import { removeOverdue } from './privacy-store.ts'

/** How long what is kept, in days, where the settings say nothing else. */
export const RETENTION_DAYS = {
  ipHash: 7,
  spam: 30,
  trash: 30,
  unconfirmed: 7,
  audit: 365,
  mail: 30,
} as const
export type Retention = Record<keyof typeof RETENTION_DAYS, number>

export const retentionOf = ({ retention = {} }: Pick<Settings, 'retention'>): Retention => ({
  ...RETENTION_DAYS,
  ...retention,
})

/** Once a day: removes what may not be kept longer, by the settings in force. */
export async function removeWhatIsOver(site: Site): Promise<void> {
  const { settings } = await site.snapshot()
  const days = retentionOf(settings)
  const before = (count: number) => timestampOf(site.now.getTime() - count * DAY_MS)
  await site.env.DB.batch([
    ...keepNotices(site.env.DB, site.timestamp),
    ...removeOverdue(site.env.DB, {
      now: site.timestamp,
      ipHash: before(days.ipHash),
      spam: before(days.spam),
      trash: before(days.trash),
      unconfirmed: before(days.unconfirmed),
      audit: before(days.audit),
      mail: before(days.mail),
      idleSession: timestampOf(site.now.getTime() - IDLE_MS),
      rateMinute: Math.floor(site.now.getTime() / 60_000) - 60,
    }),
  ])
}

/** Puts the periods in force where a page says `[[retention.ipHash]]`: the text is the same as what is done. */
export const fillInRetention = (html: string, site: Site): string =>
  html.replace(/\[\[retention\.(\w+)\]\]/g, (whole, name: string) => {
    const days = new Map(Object.entries(retentionOf(site.settings))).get(name)
    return days === undefined ? whole : site.texts.privacy.days(days)
  })
