import type { Entry, Feed } from './feed.ts'

/** Writes a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1). */
export const toJsonFeed = ({ title, description, page, language, publisher, links, entries }: Feed): string =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    description,
    home_page_url: page,
    feed_url: links.self,
    next_url: links.previousArchive ?? links.next,
    favicon: publisher.icon,
    language,
    authors: [{ name: publisher.name, url: publisher.url }],
    hubs: links.hub ? [{ type: 'WebSub', url: links.hub }] : undefined,
    items: entries.map((entry) => toItem(entry, language)),
  })

const toItem = (entry: Entry, language: string) => ({
  id: entry.id,
  url: entry.url,
  title: entry.title,
  summary: entry.summary,
  content_html: entry.html,
  date_published: entry.published,
  date_modified: entry.updated,
  language: entry.language === language ? undefined : entry.language,
  authors: entry.authors.length > 0 ? entry.authors : undefined,
  tags: entry.categories.length > 0 ? entry.categories.map(({ name }) => name) : undefined,
  image: entry.image?.url,
  attachments: entry.image && [
    {
      url: entry.image.url,
      mime_type: entry.image.type,
      ...(entry.image.alt ? { title: entry.image.alt } : {}),
    },
  ],
})
