import fnv1a from '@sindresorhus/fnv1a'
import * as v from 'valibot'

/** Characters of a slug at most. */
export const MAX_SLUG_LENGTH = 120

/** An address part of an article, page, section or campaign: `china-kasachstan`. */
export const Slug = v.pipe(
  v.string('slug'),
  v.maxLength(MAX_SLUG_LENGTH, 'slug'),
  v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'slug'),
  v.brand('Slug'),
)
export type Slug = v.InferOutput<typeof Slug>

/** Reads a slug from an address; null for anything that can't be one. */
export function parseSlug(text: string | undefined): Slug | null {
  const result = v.safeParse(Slug, text)
  return result.success ? result.output : null
}

/** Letters that are no base letter with a mark, and how German and its neighbours spell them without. */
const SPELT: Record<string, string> = {
  ...{ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'oe', œ: 'oe' },
  ...{ ı: 'i', ł: 'l', đ: 'd', ð: 'd', þ: 'th' },
}

/** Letters, digits and pictographs that an address has no place for; © and ® say nothing about what a thing is called. */
const UNSPELLABLE = /[^\P{L}a-z]|[^\P{N}0-9]|(?![©®])[\p{Extended_Pictographic}\p{Regional_Indicator}]/u

/** 64 bits, in digits and letters. */
const HASH_LENGTH = 13

/**
 * Makes an address part of a name: „Außenhandel & Zölle“ → `aussenhandel-zoelle`. The same name always makes the
 * same one, however its letters are encoded. What tells names apart is letters, digits and pictographs: where some
 * of them have no place in an address („سلام“, „🎉“) or the name is too long for one, a hash of the name stands for
 * them, so that other names make other address parts. Empty only for a name of nothing but punctuation.
 */
export function slugify(name: string): string {
  const folded = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[äöüßæøœıłđðþ]/g, (letter) => SPELT[letter] ?? letter)
    .normalize('NFD')
    .replace(/(?<=[a-z]\p{M}*)\p{M}+/gu, '')
  const plain = hyphenate(folded)
  if (plain.length <= MAX_SLUG_LENGTH && !UNSPELLABLE.test(folded)) return plain
  const hash = fnv1a(folded, { size: 64 }).toString(36).padStart(HASH_LENGTH, '0')
  return hyphenate(`${plain.slice(0, MAX_SLUG_LENGTH - HASH_LENGTH - 1)}-${hash}`)
}

const hyphenate = (text: string) => text.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')

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
    'creative',
    'media',
    'fonts',
  ],
  ...['desk', 'api', 'healthz', 'index', 'favicon', 'wp-admin', 'wp-login', 'wp-content', 'wp-json'],
])

/** Whether an article or page may not have this slug because the site needs the address. */
export const isReserved = (slug: string) => RESERVED.has(slug) || /^\d{4}$/.test(slug)
