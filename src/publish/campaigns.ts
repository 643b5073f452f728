import { type Campaign, CampaignSource, type Creative, sizeOf } from '../ad/campaign.ts'
import { fits, PLACEMENTS, type Placement } from '../ad/placements.ts'
import { creativeHash } from '../ad/token.ts'
import { toUtc } from '../article/article.ts'
import { missingMedia } from '../article/body.ts'
import { type MediaLibrary, mediaIn } from '../article/media.ts'
import { shownOf } from '../article/picture.ts'
import type { RenderContext } from '../article/render.ts'
import { startOfDay } from '../locale/locale.ts'
import { creativePath } from '../media/html5.ts'
import type { RenderedDocument } from './documents.ts'
import { closest, type Issue, type Parsed, parse } from './issue.ts'
import type { Draft } from './wire.ts'

type CreativeSource = CampaignSource['creatives'][number]

/** Validates a campaign and makes of it what pages need. */
export function renderCampaign(
  draft: Draft,
  context: Pick<RenderContext, 'media' | 'settings'>,
): Parsed<RenderedDocument> {
  const parsed = parse(CampaignSource, draft.frontMatter)
  if (!parsed.ok) return parsed
  const source = parsed.value
  const { media, settings } = context
  const [start, end] = [beginOf(source.start, settings.timezone), endOf(source.end, settings.timezone)]
  const issues: Issue[] = [
    ...(start !== null && end !== null && end <= start
      ? [{ key: 'end', code: 'invalid', got: source.end ?? '', expected: 'afterStart' } as const]
      : []),
    ...checkTarget(source, settings.sections),
    ...checkPlacements(source),
    ...(source.political && settings.ads.political === 'refuse'
      ? [{ key: 'political', code: 'political-refused' } as const]
      : []),
  ]
  const creatives = source.creatives.flatMap((one, index) => renderCreative(one, index, media, issues))
  issues.push(...checkIds(creatives))
  if (issues.length > 0) return { ok: false, issues }
  const name = source.name ?? nameOf(source)
  const campaign: Campaign = { ...source, id: draft.slug, name, start, end, creatives }
  return { ok: true, value: { title: name, value: campaign, media: mediaIn(draft, media) } }
}

const nameOf = ({ advertiser, creatives }: CampaignSource) =>
  creatives.flatMap((one) => (one.kind === 'native' ? [one.headline] : []))[0] ?? advertiser

const isDay = (when: string) => when.length === 10

/** @returns milliseconds since 1970 */
function beginOf(when: string | undefined, timezone: string): number | null {
  if (when === undefined) return null
  return isDay(when) ? startOfDay(when, timezone).getTime() : Date.parse(when)
}

/** The first moment after a campaign's last: a day is included as a whole. */
function endOf(when: string | undefined, timezone: string): number | null {
  if (when === undefined) return null
  if (!isDay(when)) return Date.parse(when)
  const next = toUtc(new Date(Date.parse(`${when}T00:00:00Z`) + 24 * 60 * 60_000).toISOString())
  return startOfDay(next.slice(0, 10), timezone).getTime()
}

/** Creatives without a name are a, b, c … */
const letterOf = (index: number) => String.fromCharCode(97 + index)

function renderCreative(
  source: CreativeSource,
  index: number,
  media: MediaLibrary,
  issues: Issue[],
): Creative[] {
  const key = `creatives.${index}.image`
  const id = source.id ?? letterOf(index)
  if (source.kind === 'html5') {
    const { file, ...rest } = source
    const packed = media.get(file)
    if (packed) return [{ ...rest, id, src: creativePath(packed.hash) }]
    issues.push(missingMedia(`creatives.${index}.file`, file, media))
    return []
  }
  const found = source.image && media.get(source.image.src)
  if (source.image && !found) issues.push(missingMedia(`${key}.src`, source.image.src, media))
  const picture = source.image && found ? { ...shownOf(found), alt: source.image.alt } : undefined
  if (source.kind === 'native') {
    const { image: _, ...rest } = source
    return [{ ...rest, id, ...(picture ? { image: picture } : {}) }]
  }
  if (!picture) return []
  const [width = 1, height = 1] = source.size.split('x').map(Number)
  const stretch = (picture.width / picture.height) * (height / width)
  if (stretch < 0.98 || stretch > 1.02 || picture.width < width) {
    const got = `${picture.width} × ${picture.height}`
    issues.push({ key: `${key}.src`, code: 'picture-size', got, expected: 'pictureOfSize' })
  }
  return [{ ...source, id, image: { ...picture, width, height } }]
}

function checkIds(creatives: readonly Creative[]): Issue[] {
  return creatives.flatMap(({ id }, index): Issue[] => {
    const first = creatives.find((other) => creativeHash(other.id) === creativeHash(id))
    if (!first || first === creatives[index]) return []
    const code = first.id === id ? 'creative-twice' : 'creative-alike'
    return [{ key: `creatives.${index}.id`, code, got: id }]
  })
}

function checkTarget({ target }: CampaignSource, sections: RenderContext['settings']['sections']): Issue[] {
  const known = sections.map(({ slug }) => slug)
  const unknown = target.sections.flatMap((slug, index): Issue[] => {
    if (known.includes(slug)) return []
    const nearest = closest(slug, known)
    const issue = {
      key: `target.sections.${index}`,
      code: 'unknown-value',
      got: slug,
      expected: 'section',
    } as const
    return [nearest ? { ...issue, nearest } : issue]
  })
  const hours = target.hours.flatMap(({ from, until }, index): Issue[] =>
    from < until
      ? []
      : [{ key: `target.hours.${index}.until`, code: 'invalid', got: String(until), expected: 'afterFrom' }],
  )
  return [...unknown, ...hours]
}

/** Every placement that a campaign names must have a creative that fits, and every creative a placement. */
function checkPlacements({ placements, creatives }: CampaignSource): Issue[] {
  const sizes = creatives.map(sizeOf)
  const wanted: readonly Placement[] = placements ?? PLACEMENTS
  const empty = (placements ?? []).flatMap((placement, index): Issue[] =>
    sizes.some((size) => fits(size, placement))
      ? []
      : [{ key: `placements.${index}`, code: 'placement-empty', got: placement }],
  )
  const homeless = sizes.flatMap((size, index): Issue[] =>
    wanted.some((placement) => fits(size, placement))
      ? []
      : [{ key: `creatives.${index}.size`, code: 'creative-homeless', got: size ?? '' }],
  )
  return [...empty, ...homeless]
}
