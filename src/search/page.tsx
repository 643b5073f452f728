import type { ComponentChildren } from 'preact'
import type { PageDraft } from '../http/page.ts'
import type { Site } from '../site/site.ts'
import { renderPage } from '../view/layout.tsx'
import { sectionName, Time } from '../view/parts.tsx'
import type { Found } from './find.ts'
import { addressOf, MAX_PAGES, PAGE_LENGTH, type SearchRequest } from './request.ts'
import { excerpt, hitsOf, markHits, type Piece } from './snippet.ts'
import { type Result, WEIGHED } from './store.ts'

/** Renders the search: its form, and what it found; null where nothing was asked for. */
export function draftSearch(request: SearchRequest, found: Found | null, site: Site): Promise<PageDraft> {
  const { texts } = site
  const title = request.query ? texts.search.titleOf(request.query) : texts.search.title
  return renderPage(
    site,
    { title, description: texts.search.hint, noindex: true },
    <div class="search-page">
      <header class="list-head">
        <h1>{texts.search.title}</h1>
      </header>
      <Form request={request} site={site} />
      {found && <Results request={request} found={found} site={site} />}
    </div>,
  )
}

function Form({ request, site }: { request: SearchRequest; site: Site }) {
  const { texts, settings } = site
  const { query, section, author, from, to, sort } = request
  const isNarrowed = section !== null || author !== null || from !== null || to !== null || sort === 'date'
  return (
    <search>
      <form action="/search/">
        <p class="field">
          <label for="q">{texts.search.field}</label>
          <input id="q" type="search" name="q" value={query} maxLength={200} aria-describedby="q-hinweis" />
          <small id="q-hinweis">{texts.search.hint}</small>
        </p>
        <details open={isNarrowed}>
          <summary>{texts.search.filters}</summary>
          <div class="filters">
            <Choice
              name="section"
              label={texts.search.section}
              chosen={section}
              any={texts.search.anySection}
            >
              {settings.sections.map(({ slug, name }) => (
                <option key={slug} value={slug} selected={slug === section}>
                  {name}
                </option>
              ))}
            </Choice>
            <Choice name="author" label={texts.search.author} chosen={author} any={texts.search.anyAuthor}>
              {Object.entries(settings.authors).map(([slug, name]) => (
                <option key={slug} value={slug} selected={slug === author}>
                  {name}
                </option>
              ))}
            </Choice>
            <p class="field">
              <label for="from">{texts.search.from}</label>
              <input id="from" type="date" name="from" value={from ?? ''} />
            </p>
            <p class="field">
              <label for="to">{texts.search.until}</label>
              <input id="to" type="date" name="to" value={to ?? ''} />
            </p>
            <p class="field">
              <label for="sort">{texts.search.sort}</label>
              <select id="sort" name="sort">
                <option value="relevance">{texts.search.byRelevance}</option>
                <option value="date" selected={sort === 'date'}>
                  {texts.search.byDate}
                </option>
              </select>
            </p>
          </div>
        </details>
        <p>
          <button type="submit">{texts.search.submit}</button>
        </p>
      </form>
    </search>
  )
}

function Choice({
  name,
  label,
  chosen,
  any,
  children,
}: {
  name: string
  label: string
  chosen: string | null
  any: string
  children: ComponentChildren
}) {
  return (
    <p class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        <option value="" selected={chosen === null}>
          {any}
        </option>
        {children}
      </select>
    </p>
  )
}

function Results({ request, found, site }: { request: SearchRequest; found: Found; site: Site }) {
  const { texts } = site
  const { results, total, isPartial, suggestion } = found
  return (
    <section aria-labelledby="treffer">
      <h2 id="treffer">{heading(request, found, site)}</h2>
      {suggestion && (
        <p class="did-you-mean">
          {texts.search.didYouMean}{' '}
          <a href={addressOf(request, { query: suggestion, page: 1 })}>{suggestion}</a>?
        </p>
      )}
      {isPartial && <p>{texts.search.some}</p>}
      {total === 0 && (
        <p>
          {texts.search.noneHint} <a href="/">{texts.site.allArticles}</a>
        </p>
      )}
      {results.length > 0 && (
        <ol class="results" start={(request.page - 1) * PAGE_LENGTH + 1}>
          {results.map((result) => (
            <li key={result.teaser.slug}>
              <ResultCard result={result} found={found} site={site} />
            </li>
          ))}
        </ol>
      )}
      <Pages request={request} total={total} site={site} />
    </section>
  )
}

function heading({ query }: SearchRequest, { total, isPartial }: Found, { texts }: Site): string {
  if (total === 0 || isPartial) return texts.search.none(query)
  return total > WEIGHED ? texts.search.more(WEIGHED) : texts.search.results(total)
}

function ResultCard({ result, found, site }: { result: Result; found: Found; site: Site }) {
  const { teaser, text, language } = result
  const isHit = hitsOf(found.query, language)
  return (
    <article class="result" {...(language === site.settings.language ? {} : { lang: language })}>
      <p class="kicker">{sectionName(site, teaser.section)}</p>
      <h3>
        <a href={`/${teaser.slug}/`}>
          <Marked pieces={markHits(teaser.title, isHit)} />
        </a>
      </h3>
      <p class="excerpt">
        <Marked pieces={excerpt(`${teaser.description} ${text}`, isHit)} />
      </p>
      <p class="meta">
        <Time at={teaser.date} site={site} />
      </p>
    </article>
  )
}

const Marked = ({ pieces }: { pieces: readonly Piece[] }) => (
  <>{pieces.map(({ text, isHit }, index) => (isHit ? <mark key={index}>{text}</mark> : text))}</>
)

function Pages({ request, total, site }: { request: SearchRequest; total: number; site: Site }) {
  const { texts } = site
  const { page } = request
  const last = Math.min(MAX_PAGES, Math.ceil(total / PAGE_LENGTH))
  if (last <= 1) return null
  const near = [...new Set([1, page - 1, page, page + 1, last])].filter((one) => one >= 1 && one <= last)
  return (
    <nav class="paging" aria-label={texts.search.pages}>
      <ol>
        {near.map((one) => (
          <li key={one}>
            <a
              href={addressOf(request, { page: one })}
              aria-label={texts.list.page(one)}
              {...(one === page ? { 'aria-current': 'page' } : {})}
              {...(one === page - 1 ? { rel: 'prev' } : one === page + 1 ? { rel: 'next' } : {})}
            >
              {one}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}
