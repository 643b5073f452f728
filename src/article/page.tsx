import { Fragment, type VNode } from 'preact'
import { type About, withSlots } from '../ad/context.ts'
import type { Placement } from '../ad/placements.ts'
import type { FormState } from '../comment/fields.tsx'
import { CommentSection } from '../comment/section.tsx'
import type { PageDraft } from '../http/page.ts'
import { slotMarker } from '../http/slots.ts'
import type { Site } from '../site/site.ts'
import { breadcrumbList } from '../site/structured-data.ts'
import { Html, markSafe, type SafeHtml } from '../view/html.ts'
import { type PageMeta, renderPage } from '../view/layout.tsx'
import { foreign, Image, sectionName, TeaserCard, Time } from '../view/parts.tsx'
import { BELOW_SHEET } from '../view/styles.ts'
import { type Article, type Author, readingMinutes, type Teaser } from './article.ts'
import { type Candidate, pickRelated } from './related.ts'
import { shareLinks } from './share.ts'
import type { Slug } from './slug.ts'
import { newsArticle } from './structured-data.ts'
import type { Surroundings } from './surroundings.ts'
import type { Translation } from './translation.ts'

/** What an article page shows besides the article. */
export interface PageParts {
  /** What D1 knows; null when it does not answer. */
  around: Surroundings | null
  /** A comment that was not stored. */
  form: FormState | null
  /** The comment form's token. */
  token: string
}

/** How many related articles a page names. */
const RELATED = 3

/** Renders an article's page, from the section above the headline to the comment form (DESIGN §2). */
export async function draftArticle(article: Article, parts: PageParts, site: Site): Promise<PageDraft> {
  const { around, form, token } = parts
  const related = pickRelated(article, othersThan(around?.translation, around?.candidates ?? []), RELATED)
  const hasComments = article.comments !== 'none' || form !== null
  const body = (
    <>
      <article class="article" {...foreign(article, site)}>
        <Head article={article} translation={around?.translation ?? null} site={site} />
        <Contents article={article} site={site} />
        <div class="body">
          <Html of={bodyOf(article, site)} />
        </div>
        <Foot article={article} site={site} />
        {mayCarry(article, 'side', site) && <Html of={slotMarker('side')} />}
      </article>
      {mayCarry(article, 'after-article', site) && <Html of={slotMarker('after-article')} />}
      <link rel="stylesheet" href={BELOW_SHEET.path} />
      <Related related={related} site={site} />
      <Neighbours article={article} around={around} site={site} />
      {hasComments && (
        <CommentSection
          article={article}
          discussion={around?.discussion ?? null}
          form={form}
          token={token}
          site={site}
        />
      )}
    </>
  )
  const meta = form ? unsavedMeta(article.title, form, site) : articleMeta(article, around, site)
  return { ...(await finish(site, meta, body, parts)), ads: withSlots(aboutOf(article)) }
}

/** Renders the page of an article that can't be read just now, for the sake of a comment that was not stored. */
export function draftFormAlone(slug: Slug, parts: PageParts, site: Site): Promise<PageDraft> {
  const body = (
    <>
      <link rel="stylesheet" href={BELOW_SHEET.path} />
      <CommentSection
        article={{ slug, comments: 'open', date: site.timestamp }}
        discussion={parts.around?.discussion ?? null}
        form={parts.form}
        token={parts.token}
        site={site}
      />
    </>
  )
  return finish(site, unsavedMeta(slug, parts.form, site), body, parts)
}

/** An article in another language is the same one: it has a line of its own and is not related to itself. */
const othersThan = (translation: Translation | null | undefined, candidates: readonly Candidate[]) =>
  candidates.filter(({ slug }) => slug !== translation?.slug)

async function finish(site: Site, meta: PageMeta, body: VNode, { token }: PageParts): Promise<PageDraft> {
  return { ...(await renderPage(site, { ...meta, sheet: 'text' }, body)), unversioned: token }
}

const unsavedMeta = (title: string, form: FormState | null, { texts }: Site): PageMeta => ({
  title: `${form?.preview ? texts.comments.previewPrefix : texts.comments.errorPrefix} ${title}`,
  noindex: true,
})

/** What an article page says about itself in its head. */
function articleMeta(article: Article, around: Surroundings | null, site: Site): PageMeta {
  const { slug, title, section, language, updated, image, socialImage } = article
  const translation = around?.translation ?? null
  const name = sectionName(site, section)
  const beside = { sectionName: name, comments: around?.discussion.count ?? null, translation }
  return {
    title,
    description: article.description,
    path: `/${slug}/`,
    type: 'article',
    published: article.date,
    section,
    language,
    structuredData: [
      newsArticle(article, beside, site),
      breadcrumbList([{ name, path: `/category/${section}/` }], title, site),
    ],
    ...(translation
      ? {
          translations: [article, translation].map((one) => ({
            language: one.language,
            path: `/${one.slug}/`,
          })),
        }
      : {}),
    ...(article.comments === 'none'
      ? {}
      : { feed: { path: `/${slug}/feed/`, title: site.texts.feed.comments(title) } }),
    ...(updated ? { updated } : {}),
    ...(image ? { image } : {}),
    ...(socialImage ? { socialImage } : {}),
  }
}

/** Whether an article's page has a placement. */
const mayCarry = (article: Article, placement: Placement, { settings }: Site) =>
  article.hasAds && settings.ads.placements.article.some((one) => one === placement)

/**
 * The body's segments joined, with the slots for ads among them where publishing has put them. A slot behind a short
 * body is left out where the page has one below the article anyway.
 */
function bodyOf(article: Article, site: Site): SafeHtml {
  const { segments, slots } = article
  if (!mayCarry(article, 'in-article', site)) return markSafe(segments.join(''))
  const inside = mayCarry(article, 'after-article', site) ? Math.min(slots, segments.length - 1) : slots
  return markSafe(
    segments.map((html, index) => (index < inside ? html + slotMarker('in-article') : html)).join(''),
  )
}

/** What ads are chosen by: what the article is about. */
const aboutOf = ({ slug, section, tags, authors, isSensitive }: Article): About => ({
  page: 'article',
  section,
  article: slug,
  tags: tags.map((tag) => tag.slug),
  authors: authors.map((author) => author.slug),
  isSensitive,
})

/** Marks what the site says inside an article in another language. */
const inSiteLanguage = ({ language }: Article, { settings }: Site) =>
  language === settings.language ? {} : { lang: settings.language }

function Head({
  article,
  translation,
  site,
}: {
  article: Article
  translation: Translation | null
  site: Site
}) {
  const { texts } = site
  return (
    <header class="article-head">
      <p class="kicker" {...inSiteLanguage(article, site)}>
        <a href={`/category/${article.section}/`}>{sectionName(site, article.section)}</a>
      </p>
      <h1>{article.title}</h1>
      <p class="standfirst">{article.description}</p>
      <Byline article={article} site={site} />
      {translation && (
        <p class="translation" {...inSiteLanguage(article, site)}>
          {texts.article.alsoIn[translation.language]}{' '}
          <a href={`/${translation.slug}/`} hreflang={translation.language} lang={translation.language}>
            {translation.title}
          </a>
        </p>
      )}
      {article.image && (
        <figure class="lead-image">
          <Image picture={article.image} place="lead" isLead />
          {(article.image.caption || article.image.credit) && (
            <figcaption>
              {article.image.caption} {article.image.credit && <small>{article.image.credit}</small>}
            </figcaption>
          )}
        </figure>
      )}
      {article.comments !== 'none' && (
        <p class="to-comments" {...inSiteLanguage(article, site)}>
          <a href="#kommentare">{texts.comments.jump}</a>
        </p>
      )}
    </header>
  )
}

/** „In diesem Artikel“: the way to the subheads of a long one. */
function Contents({ article: { contents }, site }: { article: Article; site: Site }) {
  if (contents.length === 0) return null
  return (
    <nav class="toc" aria-label={site.texts.article.contents}>
      <details>
        <summary>{site.texts.article.contents}</summary>
        <ol>
          {contents.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  )
}

function Byline({ article, site }: { article: Article; site: Site }) {
  const { texts } = site
  return (
    <p class="byline" {...inSiteLanguage(article, site)}>
      {article.authors.length > 0 && <AuthorNames authors={article.authors} site={site} />}{' '}
      <span>
        {texts.article.published} <Time at={article.date} site={site} withTime />
      </span>{' '}
      {article.updated && (
        <span>
          {texts.article.updated} <Time at={article.updated} site={site} withTime />
        </span>
      )}{' '}
      <span>{texts.article.readingTime(readingMinutes(article))}</span>
    </p>
  )
}

/** „Von Miriam Albers und Jonas Feldkamp“, each linked to the author's page. */
function AuthorNames({ authors, site }: { authors: readonly Author[]; site: Site }) {
  const { texts, settings } = site
  return (
    <span class="author">
      {texts.article.by}{' '}
      {authors.map(({ slug, name }, index) => {
        const current = settings.authors[slug]
        return (
          <Fragment key={slug}>
            {index > 0 && (index === authors.length - 1 ? ` ${texts.article.and} ` : ', ')}
            {current ? (
              <a href={`/author/${slug}/`} rel="author">
                {current}
              </a>
            ) : (
              name
            )}
          </Fragment>
        )
      })}
    </span>
  )
}

function Foot({ article, site }: { article: Article; site: Site }) {
  const { texts } = site
  const { source, tags } = article
  const address = `${site.origin}/${article.slug}/`
  const share = shareLinks(site.settings.share, article.title, address)
  return (
    <footer class="article-foot" {...inSiteLanguage(article, site)}>
      {source && (
        <>
          <p class="source-line">
            {texts.article.source}: {source.name}
          </p>
          <section class="source" aria-labelledby="quelle">
            <h2 id="quelle">{texts.article.sourceReference}</h2>
            <p>
              <a href={source.url} rel="noopener external">
                {source.name}
              </a>
            </p>
          </section>
        </>
      )}
      {tags.length > 0 && (
        <nav class="tags" aria-label={texts.article.tags}>
          <ul>
            {tags.map((tag) => (
              <li key={tag.slug}>
                <a href={`/tag/${tag.slug}/`} rel="tag">
                  {tag.name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {share.length > 0 && (
        <section class="share" aria-labelledby="teilen">
          <h2 id="teilen">{texts.article.share}</h2>
          <ul>
            {share.map(({ network, href }) => (
              <li key={network}>
                <a href={href} rel="nofollow noopener">
                  {texts.share[network]}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="print-address">{address}</p>
    </footer>
  )
}

function Related({ related, site }: { related: readonly Teaser[]; site: Site }) {
  if (related.length === 0) return null
  return (
    <section class="related" aria-labelledby="aehnliche-artikel">
      <h2 id="aehnliche-artikel">{site.texts.article.related}</h2>
      <div class="cards">
        {related.map((teaser) => (
          <TeaserCard key={teaser.slug} teaser={teaser} site={site} level={3} />
        ))}
      </div>
    </section>
  )
}

function Neighbours({
  article,
  around,
  site,
}: {
  article: Article
  around: Surroundings | null
  site: Site
}) {
  const { texts } = site
  const links = [
    { label: texts.article.previous, rel: 'prev', teaser: around?.previous },
    { label: texts.article.next, rel: 'next', teaser: around?.next },
  ]
  if (!around?.previous && !around?.next) return null
  return (
    <nav class="neighbours" aria-label={texts.article.neighbours(sectionName(site, article.section))}>
      {links.map(({ label, rel, teaser }) => (
        <Fragment key={rel}>
          {teaser && (
            <a class={rel} href={`/${teaser.slug}/`} rel={rel}>
              <span>{label}</span> <strong {...foreign(teaser, site)}>{teaser.title}</strong>
            </a>
          )}
        </Fragment>
      ))}
    </nav>
  )
}
