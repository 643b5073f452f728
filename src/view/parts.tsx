import type { ComponentChildren } from 'preact'
import type { Picture, Teaser } from '../article/article.ts'
import { colorClass, type Place, sourcesOf } from '../article/picture.ts'
import { clockOrDay, dateAndTime, longDate } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'

/** Parts that more than one kind of page shows. */

export function Time({ at, site, withTime = false }: { at: string; site: Site; withTime?: boolean }) {
  const moment = new Date(at)
  return (
    <time dateTime={at}>
      {withTime ? dateAndTime(moment, site.settings) : longDate(moment, site.settings)}
    </time>
  )
}

/**
 * A picture with its room reserved and its colour behind it; a photograph in the width and format that a browser
 * chooses. Only the page's lead picture is loaded at once.
 */
export function Image({
  picture,
  place,
  isLead = false,
  alt,
}: {
  picture: Picture
  place: Place
  isLead?: boolean
  alt?: string
}) {
  const loading = isLead
    ? ({ fetchpriority: 'high' } as const)
    : ({ loading: 'lazy', decoding: 'async' } as const)
  const { sources, srcSet, sizes } = sourcesOf(picture, place)
  const img = (
    <img
      {...(picture.color ? { class: colorClass(picture.color) } : {})}
      {...(srcSet && sizes ? { srcset: srcSet, sizes } : {})}
      src={picture.src}
      width={picture.width}
      height={picture.height}
      alt={alt ?? picture.alt}
      {...loading}
    />
  )
  if (sources.length === 0) return img
  return (
    <picture>
      {sources.map((source) => (
        <source key={source.type} type={source.type} srcset={source.srcSet} sizes={sizes ?? ''} />
      ))}
      {img}
    </picture>
  )
}

export const sectionName = (site: Site, slug: string) =>
  site.settings.sections.find((section) => section.slug === slug)?.name ?? slug

/** Says in which language an article is, where it is not the site's: a screen reader then reads it so (WCAG 3.1.2). */
export const foreign = ({ language }: { language?: 'de' | 'en' | undefined }, { settings }: Site) =>
  language === undefined || language === settings.language ? {} : { lang: language }

/** Where a page stands: from the front page down to it (the page itself is no link). */
export function Breadcrumbs({
  trail,
  here,
  site,
}: {
  trail: readonly { name: string; path: string }[]
  here: string
  site: Site
}) {
  return (
    <nav class="breadcrumbs" aria-label={site.texts.list.breadcrumbs}>
      <ol>
        {[{ name: site.texts.list.home, path: '/' }, ...trail].map(({ name, path }) => (
          <li key={path}>
            <a href={path}>{name}</a>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  )
}

/** An article as one line with its time, or its day when it is not from today. */
export function TeaserLine({ teaser, site }: { teaser: Teaser; site: Site }) {
  return (
    <li>
      <time dateTime={teaser.date}>{clockOrDay(new Date(teaser.date), site.now, site.settings)}</time>{' '}
      <a href={`/${teaser.slug}/`} {...foreign(teaser, site)}>
        {teaser.title}
      </a>
    </li>
  )
}

/** An article in a list. The headline is the link; the picture only decorates it. */
export function TeaserCard({
  teaser,
  site,
  isLead = false,
  level = 2,
}: {
  teaser: Teaser
  site: Site
  isLead?: boolean
  level?: 2 | 3
}) {
  const Heading = `h${level}` as const
  return (
    <article class={isLead ? 'teaser lead' : 'teaser'}>
      {teaser.image && (
        <div class="teaser-image">
          <Image picture={teaser.image} place={isLead ? 'front' : 'card'} isLead={isLead} alt="" />
        </div>
      )}
      <div>
        <p class="kicker">{sectionName(site, teaser.section)}</p>
        <Heading>
          <a href={`/${teaser.slug}/`} {...foreign(teaser, site)}>
            {teaser.title}
          </a>
        </Heading>
        <p class="standfirst" {...foreign(teaser, site)}>
          {teaser.description}
        </p>
        <p class="meta">
          <Time at={teaser.date} site={site} />
        </p>
      </div>
    </article>
  )
}

/** A table that is wider than a phone moves within its own frame, by finger and by keyboard. */
export const ScrollableTable = ({ label, children }: { label: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard (WCAG 2.1.1)
  <section class="table" aria-label={label} tabIndex={0}>
    <table>{children}</table>
  </section>
)
