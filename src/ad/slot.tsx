import { renderToString } from 'preact-render-to-string'
import { utf8 } from '../http/bytes.ts'
import type { Texts } from '../locale/de.ts'
import type { Campaign } from './campaign.ts'

const rendered = new WeakMap<Campaign, Uint8Array<ArrayBuffer>>()

/** A campaign's ad in UTF-8, ready to be spliced into a page. Rendered once per campaign and isolate. */
export function renderAd(campaign: Campaign, texts: Texts): Uint8Array<ArrayBuffer> {
  const known = rendered.get(campaign)
  if (known) return known
  const bytes = utf8(renderToString(<Ad campaign={campaign} texts={texts} />))
  rendered.set(campaign, bytes)
  return bytes
}

/**
 * The label is the region's name, so a screen reader announces it; the first link leads past the ad.
 * The last picture counts the view: it is loaded only when the reader comes near.
 */
function Ad({ campaign, texts }: { campaign: Campaign; texts: Texts }) {
  const { id, image } = campaign
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a section would need a heading, and an ad is no part of the article */}
      <div class="ad" role="region" aria-labelledby="anzeige">
        <p class="ad-label" id="anzeige">
          {texts.ad.label}
        </p>
        <a class="ad-skip" href="#nach-der-anzeige">
          {texts.ad.skip}
        </a>{' '}
        <a class="ad-link" href={`/go/${id}`} rel="sponsored nofollow">
          {image && (
            <img
              class="ad-image"
              src={image.src}
              width={image.width}
              height={image.height}
              alt={image.alt}
              loading="lazy"
            />
          )}
          <span class="ad-copy">
            <strong>{campaign.headline}</strong> <span>{campaign.text}</span>{' '}
            <span class="ad-button">{campaign.button}</span>
          </span>
        </a>
        <p class="ad-by">{texts.ad.by(campaign.advertiser)}</p>
        <img class="ad-count" src={`/go/${id}.gif`} width="1" height="1" alt="" loading="lazy" />
      </div>
      <span id="nach-der-anzeige" tabIndex={-1} />
    </>
  )
}
