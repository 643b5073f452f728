import type { Campaign } from './campaign.ts'

/** Whether a campaign runs on a day (`2024-07-03`, in the site's time zone) and in a section. */
export function isInForce(campaign: Campaign, day: string, section: string | null): boolean {
  return (
    (campaign.start === undefined || campaign.start <= day) &&
    (campaign.end === undefined || day <= campaign.end) &&
    (campaign.sections.length === 0 || (section !== null && campaign.sections.includes(section)))
  )
}

/**
 * Draws one campaign, each with a chance in proportion to its weight.
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 */
export function choose(campaigns: readonly Campaign[], random: number): Campaign | null {
  const total = campaigns.reduce((sum, campaign) => sum + campaign.weight, 0)
  let left = random * total
  for (const campaign of campaigns) {
    left -= campaign.weight
    if (left < 0) return campaign
  }
  return campaigns.at(-1) ?? null
}
