import * as v from 'valibot'

/** An address part of an article, page, section or campaign: `china-kasachstan`. */
export const Slug = v.pipe(
  v.string('slug'),
  v.maxLength(120, 'slug'),
  v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'slug'),
  v.brand('Slug'),
)
export type Slug = v.InferOutput<typeof Slug>

/** Reads a slug from an address; null for anything that can't be one. */
export function parseSlug(text: string | undefined): Slug | null {
  const result = v.safeParse(Slug, text)
  return result.success ? result.output : null
}

const GERMAN: Record<string, string> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ẞ: 'ss',
  æ: 'ae',
  ø: 'oe',
  ı: 'i',
}

/** Makes an address part of a name: „Außenhandel & Zölle“ → `aussenhandel-zoelle`. May be empty. */
export function slugify(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüßẞæøı]/g, (letter) => GERMAN[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 120)
    .replace(/-+$/, '')
}

/** First parts of addresses that belong to the site itself (DESIGN §4). */
const RESERVED = new Set([
  ...[
    'page',
    'category',
    'tag',
    'author',
    'search',
    'feed',
    'comments',
    'sitemap',
    'robots',
    'ads',
    'go',
    'media',
    'fonts',
  ],
  ...['desk', 'api', 'healthz', 'index', 'favicon', 'wp-admin', 'wp-login', 'wp-content', 'wp-json'],
])

/** Whether an article or page may not have this slug because the site needs the address. */
export const isReserved = (slug: string) => RESERVED.has(slug) || /^\d{4}$/.test(slug)
