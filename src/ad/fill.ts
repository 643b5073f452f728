import { dayIn } from '../locale/locale.ts'
import type { Snapshot } from '../site/content.ts'
import type { Site } from '../site/site.ts'
import type { Campaign } from './campaign.ts'
import { choose, isInForce } from './choose.ts'
import { renderAd } from './slot.tsx'

/** The campaigns in force per section, worked out once per snapshot and minute. */
interface Plan {
  minute: number
  day: string
  bySection: Map<string | null, readonly Campaign[]>
}

const plans = new WeakMap<Snapshot, Plan>()

/** Chooses the ad for one view of a page: no storage, one random number. Null for an empty slot. */
export function fillSlot(section: string | null, site: Site): Uint8Array<ArrayBuffer> | null {
  const snapshot = site.knownSnapshot
  if (!snapshot) return null
  const campaign = choose(inForce(snapshot, section, site.now), Math.random())
  return campaign ? renderAd(campaign, site.texts) : null
}

function inForce(snapshot: Snapshot, section: string | null, now: Date): readonly Campaign[] {
  const minute = Math.floor(now.getTime() / 60_000)
  let plan = plans.get(snapshot)
  if (plan?.minute !== minute) {
    plan = { minute, day: dayIn(now, snapshot.settings.timezone), bySection: new Map() }
    plans.set(snapshot, plan)
  }
  const known = plan.bySection.get(section)
  if (known) return known
  const { day } = plan
  const campaigns = snapshot.campaigns.filter((campaign) => isInForce(campaign, day, section))
  plan.bySection.set(section, campaigns)
  return campaigns
}
