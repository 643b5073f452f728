import { renderToString } from 'preact-render-to-string'
import { utf8 } from '../http/bytes.ts'
import type { Texts } from '../locale/de.ts'
import type { Site } from '../site/site.ts'
import type { Campaign, Creative } from './campaign.ts'
import { NO_TOKEN } from './token.ts'

/** What is shown of a campaign. */
interface Ad {
  readonly campaign: Campaign
  readonly creative: Creative
}

/** An ad in UTF-8 but for the token of its view, and where that goes. */
export interface Template {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly places: readonly number[]
}

/**
 * Renders an ad, ready to be spliced into a page.
 * @param number which of a page's slots it stands in, from 1: what makes its ids the only ones
 */
export const renderAd = ({ campaign, creative }: Ad, number: number, site: Site): Template =>
  templateOf(
    renderToString(
      <Slot
        campaign={campaign}
        creative={creative}
        number={number}
        label={labelOf(site)}
        texts={site.texts}
      />,
    ),
  )

/**
 * An ad with the token of one view, in UTF-8: written over the last one, so that the bytes are good until the same ad is
 * asked for again.
 */
export function withToken({ bytes, places }: Template, token: Uint8Array): Uint8Array<ArrayBuffer> {
  for (const place of places) bytes.set(token, place)
  return bytes
}

/** Finds the places of the token. No advertiser's words are taken for one: these stand behind `?v=` in an address. */
function templateOf(html: string): Template {
  const places = [...html.matchAll(PLACE)].map(
    ({ index, 1: before = '' }) => utf8(html.slice(0, index)).length + before.length,
  )
  return { bytes: utf8(html), places }
}

/** In an address, or in one that is itself a part of an address. */
const PLACE = new RegExp(`(\\?v=|%3Fv%3D)${NO_TOKEN}(?=" )`, 'g')

/** What the site calls its ads. */
export const labelOf = ({ settings, texts }: Pick<Site, 'settings' | 'texts'>) =>
  settings.ads.label ?? texts.ad.label

/**
 * The label is the region's name, so a screen reader announces it, with its number where the page has several; the
 * first link leads past the ad.
 * The last picture counts the view: it is loaded only when the reader comes near.
 */
function Slot({
  campaign,
  creative,
  number,
  label,
  texts,
}: {
  campaign: Campaign
  creative: Creative
  number: number
  label: string
  texts: Texts
}) {
  const { id, political, advertiser } = campaign
  const [name, end] = [`anzeige-${number}`, `nach-anzeige-${number}`]
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a section would need a heading, and an ad is no part of the article */}
      <div
        class={`ad ${creative.kind}`}
        role="region"
        {...(number === 1 ? { 'aria-labelledby': name } : { 'aria-label': `${label} ${number}` })}
      >
        <p class="ad-label" id={number === 1 ? name : undefined}>
          {label}
        </p>
        <a class="ad-skip" href={`#${end}`}>
          {texts.ad.skip}
        </a>{' '}
        {creative.kind === 'html5' && <Frame campaign={id} creative={creative} />}
        <a class="ad-link" href={`/go/${id}?v=${NO_TOKEN}`} rel="sponsored nofollow noopener">
          {creative.kind === 'html5' ? texts.ad.open(advertiser) : <Shown creative={creative} />}
        </a>
        <p class="ad-by">
          {political ? texts.ad.political(advertiser, political.sponsor) : texts.ad.by(advertiser)}{' '}
          <a href={`/ads/${id}/`}>{texts.ad.why}</a>
        </p>
        <img
          class="ad-count"
          src={`/go/${id}.gif?v=${NO_TOKEN}`}
          width="1"
          height="1"
          alt=""
          loading="lazy"
        />
      </div>
      <span id={end} tabIndex={-1} />
    </>
  )
}

/**
 * An HTML5 creative. It may run, and open a window where somebody clicks; of the page it sees nothing. The link below
 * it is for the keyboard, and for who has switched scripts off.
 */
function Frame({ campaign, creative }: { campaign: string; creative: Extract<Creative, { kind: 'html5' }> }) {
  const [width, height] = creative.size.split('x')
  const click = `/go/${campaign}?v=${NO_TOKEN}`
  return (
    <iframe
      src={`${creative.src}?clickTag=${encodeURIComponent(click)}`}
      title={creative.alt}
      width={width}
      height={height}
      loading="lazy"
      sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
    />
  )
}

/** The creative itself. Its picture says how much room it takes before it is there. */
function Shown({ creative }: { creative: Exclude<Creative, { kind: 'html5' }> }) {
  const { image } = creative
  const picture = image && (
    <img
      class="ad-image"
      src={image.src}
      width={image.width}
      height={image.height}
      alt={image.alt}
      loading="lazy"
    />
  )
  if (creative.kind === 'picture') return picture
  return (
    <>
      {picture}
      <span class="ad-copy">
        <strong>{creative.headline}</strong> <span>{creative.text}</span>{' '}
        <span class="ad-button">{creative.button}</span>
      </span>
    </>
  )
}
