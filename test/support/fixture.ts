import { strToU8, zipSync } from 'fflate'
import { parseSlug, type Slug, slugify } from '../../src/article/slug.ts'
import type { Draft } from '../../src/publish/wire.ts'
import type { TestSite } from './site.ts'

/** A small newsroom: settings, pages, campaigns and articles that tests read, and builders for more. */

export const slug = (text: string): Slug => {
  const parsed = parseSlug(text)
  if (!parsed) throw new Error(`${text} is no slug`)
  return parsed
}

/** A sentence of 20 words, numbered so that it can be found again. */
export const sentence = (n: number): string =>
  `Absatz ${n} erzählt mit zwanzig ruhigen Wörtern, was an diesem Tag in der Branche geschah und warum es den Lesern nützt.`

/** A paragraph of 60 words. */
export const paragraph = (n: number): string => [1, 2, 3].map(() => sentence(n)).join(' ')

export const settings = (more: Record<string, unknown> = {}): Draft => ({
  slug: slug('site'),
  frontMatter: {
    name: 'MedienWirtschaft',
    tagline: 'Nachrichten über Medien',
    sections: [
      { slug: 'wirtschaft', name: 'Wirtschaft' },
      { slug: 'technik', name: 'Technik', description: 'Alles über Technik.' },
    ],
    footer: ['impressum'],
    comments: { moderation: 'all', rules: 'kommentarregeln', privacy: 'datenschutz' },
    mail: { from: 'redaktion@beispiel.de' },
    ...more,
  },
  body: '',
})

export const article = (name: string, frontMatter: Record<string, unknown> = {}, body?: string): Draft => ({
  slug: slug(name),
  frontMatter: {
    title: `Artikel ${name}`,
    description: `Worum es in ${name} geht.`,
    date: '2026-01-15T09:00:00+01:00',
    section: 'wirtschaft',
    tags: ['Handel'],
    author: 'Miriam Albers',
    ...frontMatter,
  },
  body: body ?? [1, 2, 3, 4, 5, 6].map(paragraph).join('\n\n'),
})

/** An author, by the slug that their name makes. */
export const author = (name: string, more: Record<string, unknown> = {}): Draft => ({
  slug: slug(slugify(name)),
  frontMatter: { name, ...more },
  body: '',
})

export const page = (name: string, title: string, body = 'Ein Absatz.'): Draft => ({
  slug: slug(name),
  frontMatter: { title },
  body,
})

/** A native creative as an editor writes it. */
export const native = (name: string, more: Record<string, unknown> = {}) => ({
  kind: 'native',
  headline: `Anzeige ${name}`,
  text: 'Wir bringen Ihre Fracht ans Ziel.',
  button: 'Angebot anfordern',
  url: `https://example.com/${name}`,
  ...more,
})

/** A zip archive with an HTML5 creative in it. */
export const packCreative = (files: Record<string, string>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  )

/** A campaign with one native creative, and what is said of it. */
export const campaign = (
  name: string,
  more: Record<string, unknown> = {},
  creative: Record<string, unknown> = {},
): Draft => ({
  slug: slug(name),
  frontMatter: { advertiser: 'Kontor Nordlicht', creatives: [native(name, creative)], ...more },
  body: '',
})

/** A picture of 1200 by 675 CSS pixels. */
export const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675" viewBox="0 0 1200 675"><rect width="1200" height="675" fill="#c8321f"/></svg>'

/** Publishes the newsroom: one author, three pages, two campaigns, one picture, and the given articles. */
export async function publishNewsroom(site: TestSite, ...articles: Draft[]): Promise<void> {
  await site.putPicture('bild.svg', SVG)
  await site.publish('site', settings())
  await site.publish('authors', author('Miriam Albers'))
  await site.publish(
    'pages',
    page('impressum', 'Impressum'),
    page('kommentarregeln', 'Kommentarregeln'),
    page('datenschutz', 'Datenschutz'),
  )
  await site.publish('ads', campaign('nordlicht'), campaign('suedwind'))
  if (articles.length > 0) await site.publish('articles', ...articles)
}
