import { type Campaign, type Creative, creativesFor } from '../../ad/campaign.ts'
import type { Placement } from '../../ad/placements.ts'
import { renderAd } from '../../ad/slot.tsx'
import { composeArticle } from '../../article/compose.ts'
import { parseSlug, type Slug } from '../../article/slug.ts'
import { PLAIN } from '../../comment/view.ts'
import { fromUtf8, utf8 } from '../../http/bytes.ts'
import { NO_STORE } from '../../http/headers.ts'
import type { ComposedPage } from '../../http/page.ts'
import { notFound } from '../../site/errors.tsx'
import type { Site } from '../../site/site.ts'
import type { DeskCall } from '../guard.ts'
import { sendDeskPage } from '../layout.tsx'
import { findCampaign, newestArticle } from './campaign-store.ts'

const FRAMES = { phone: [390, 844], desktop: [1280, 900] } as const
type Width = keyof typeof FRAMES
const COLOURS = ['light', 'dark'] as const
type Colours = (typeof COLOURS)[number]

/** What is looked at, and how. */
interface Look {
  width: Width
  colours: Colours
  creative: Creative
}

/** GET /desk/ads/:id/preview/ — a stored campaign in a real article, in a frame. 200, 404. */
export async function showPreview({ request, site, person }: DeskCall): Promise<Response> {
  const previewed = await findPreviewed(request, site)
  if (!previewed) return notFound(site)
  const { campaign, look } = previewed
  const { ads } = site.texts.desk
  const slug = await articleFor(campaign, site)
  const page = slug && (await composeArticle(slug, PLAIN, site))
  const hasRoom = page ? slotFor(campaign, look.creative, page) !== null : false
  const address = (change: Partial<Look>, frame = '') => addressOf(campaign.id, { ...look, ...change }, frame)
  const [width, height] = FRAMES[look.width]
  return sendDeskPage(
    site,
    person,
    { title: ads.previewOf(campaign.name), part: 'ads' },
    <article>
      <p>
        <a href={`/desk/ads/${campaign.id}/`}>{ads.toForm}</a>
      </p>
      <h1>{ads.previewOf(campaign.name)}</h1>
      <nav class="desk-tabs" aria-label={ads.looksLabel}>
        <ul>
          {campaign.creatives.map((creative, index) => (
            <Tab key={creative.id} href={address({ creative })} isOn={creative === look.creative}>
              {ads.creative(index + 1, ads.kinds[creative.kind])}
            </Tab>
          ))}
          {COLOURS.map((colours) => (
            <Tab key={colours} href={address({ colours })} isOn={colours === look.colours}>
              {ads.looks[colours]}
            </Tab>
          ))}
          {(['phone', 'desktop'] as const).map((one) => (
            <Tab key={one} href={address({ width: one })} isOn={one === look.width}>
              {ads.looks[one]}
            </Tab>
          ))}
        </ul>
      </nav>
      <p>{!page || !slug ? ads.noPage : hasRoom ? ads.previewOn(`/${slug}/`) : ads.noRoom}</p>
      {page && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard (WCAG 2.1.1)
        <section class="desk-frame" aria-label={ads.preview} tabIndex={0}>
          <iframe
            src={`${address({}, 'page/')}#anzeige-1`}
            title={ads.preview}
            width={width}
            height={height}
          />
        </section>
      )}
    </article>,
  )
}

const Tab = ({ href, isOn, children }: { href: string; isOn: boolean; children: string }) => (
  <li>
    <a href={href} {...(isOn ? { 'aria-current': 'true' as const } : {})}>
      {children}
    </a>
  </li>
)

const addressOf = (id: string, { width, colours, creative }: Look, frame: string) =>
  `/desk/ads/${id}/preview/${frame}?${new URLSearchParams({ breite: width, farbe: colours, motiv: creative.id })}`

/** GET /desk/ads/:id/preview/page/ — the article with the ad in its slot, for the frame of the page above. 200, 404. */
export async function showPreviewPage({ request, site }: DeskCall): Promise<Response> {
  const previewed = await findPreviewed(request, site)
  const slug = previewed && (await articleFor(previewed.campaign, site))
  const page = slug && (await composeArticle(slug, PLAIN, site))
  if (!previewed || !page) return notFound(site)
  const { campaign, look } = previewed
  const style = `:root{color-scheme:${look.colours}}`
  const slot = slotFor(campaign, look.creative, page)
  const html = page.pieces
    .map((piece, index) => fromUtf8(piece) + (index === slot ? uncounted(campaign, look.creative, site) : ''))
    .join('')
    .replace('</head>', () => `<style>${style}</style></head>`)
  const headers = new Headers(page.headers)
  for (const name of ['etag', 'last-modified', 'cdn-cache-control']) headers.delete(name)
  headers.set('cache-control', NO_STORE['cache-control'] ?? '')
  headers.set('content-security-policy', await framable(headers.get('content-security-policy') ?? '', style))
  return new Response(html, { headers })
}

/** The page's own policy, but that the desk may frame it and that it may have one style more. */
async function framable(policy: string, style: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(style)))
  return policy
    .replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    .replace('style-src ', `style-src 'sha256-${btoa(String.fromCharCode(...digest))}' `)
}

/** The ad as readers get it, without what counts it: no picture to fetch, no address that takes a click. */
const uncounted = (campaign: Campaign, creative: Creative, site: Site): string =>
  fromUtf8(renderAd({ campaign, creative }, 1, site).bytes)
    .replace(/<img class="ad-count"[^>]*>/g, '')
    .replace(/href="\/go\/[^"]*"/g, 'href="#anzeige-1"')
    .replace(/\?clickTag=[^"]*/g, '')

/** The stored campaign, and how the address asks to see it. */
async function findPreviewed(
  request: DeskCall['request'],
  site: Site,
): Promise<{ campaign: Campaign; look: Look } | null> {
  const campaign = (await findCampaign(site.env.DB, request.params.id ?? ''))?.campaign
  const { searchParams } = new URL(request.url)
  const creatives = campaign?.creatives ?? []
  const creative = creatives.find(({ id }) => id === searchParams.get('motiv')) ?? creatives[0]
  if (!campaign || !creative) return null
  const colours = COLOURS.find((one) => one === searchParams.get('farbe')) ?? 'light'
  return {
    campaign,
    look: { creative, colours, width: searchParams.get('breite') === 'desktop' ? 'desktop' : 'phone' },
  }
}

/** An article that the campaign asks for, else the newest. */
async function articleFor({ target }: Campaign, site: Site): Promise<Slug | null> {
  const [named] = target.articles
  if (named) return named
  const lists = [
    ...target.tags.map((slug) => `tag/${slug}`),
    ...target.authors.map((slug) => `author/${slug}`),
    ...target.sections.map((slug) => `section/${slug}`),
    '',
  ]
  return parseSlug((await newestArticle(site.env.DB, lists, site.timestamp)) ?? undefined)
}

/** The first slot of the page in which the creative may stand; beside the text only where there is no other. */
function slotFor(campaign: Campaign, creative: Creative, page: ComposedPage): number | null {
  const suits = (slot: Placement) => creativesFor(campaign, slot).includes(creative)
  const slots = page.ads?.slots ?? []
  const inText = slots.findIndex((slot) => slot !== 'side' && suits(slot))
  const index = inText >= 0 ? inText : slots.findIndex(suits)
  return index >= 0 ? index : null
}
