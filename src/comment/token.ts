import type { Slug } from '../article/slug.ts'
import type { Keys } from '../http/keys.ts'

/** A form older than this has expired; it may have lain in a cache for a day before it was opened. */
export const MAX_AGE_MS = 48 * 60 * 60 * 1000
/** Nobody reads an article and writes a comment in less. */
export const MIN_AGE_MS = 2_000

/** Signs the moment at which a form was made, for one article: `<seconds>.<hash>`. */
export async function makeToken(keys: Keys, article: Slug, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000).toString(36)
  return `${seconds}.${await keys.hash('form-token', `${article} ${seconds}`)}`
}

/** Says whether a form is genuine, and neither too old nor suspiciously young. */
export async function checkToken(
  keys: Keys,
  article: Slug,
  token: string,
  now: Date,
): Promise<'ok' | 'early' | 'expired'> {
  const [, seconds, hash] = /^([0-9a-z]{1,9})\.([\w-]{22})$/.exec(token) ?? []
  if (!seconds || !hash || !(await keys.verify('form-token', `${article} ${seconds}`, hash))) return 'expired'
  const age = now.getTime() - Number.parseInt(seconds, 36) * 1000
  if (age > MAX_AGE_MS) return 'expired'
  return age < MIN_AGE_MS ? 'early' : 'ok'
}

/** Seconds since a form was made, of a token that `checkToken` has found genuine. */
export const ageOfToken = (token: string, now: Date): number =>
  now.getTime() / 1000 - Number.parseInt(token.split('.')[0] ?? '', 36)

/** A comment that is a reader's own, as their address says and this site has signed: no cookie, no guessing. */
export interface OwnComment {
  id: number
  /** `<id>.<hash>`: whoever has it may see the comment, change it for a while, and delete it. */
  key: string
}

export async function signOwnComment(keys: Keys, article: Slug, id: number): Promise<OwnComment> {
  return { id, key: `${id}.${await keys.hash('own-comment', `${article} ${id}`)}` }
}

/** The address at which its author finds a comment that nobody else sees yet. */
export const ownCommentPath = (article: Slug, { id, key }: OwnComment): string =>
  `/${article}/?kommentar=${key}#kommentar-${id}`

/** The address at which its author changes or deletes it. */
export const changePath = (article: Slug, { key }: OwnComment): string =>
  `/${article}/?kommentar=${key}&aendern=1#kommentar-formular`

/** Reads the key in such an address; null for anything not signed by this site. */
export async function readOwnComment(
  keys: Keys,
  article: Slug,
  param: string | null,
): Promise<OwnComment | null> {
  const [key, id, hash] = /^([1-9]\d{0,14})\.([\w-]{22})$/.exec(param ?? '') ?? []
  if (!key || !id || !hash || !(await keys.verify('own-comment', `${article} ${id}`, hash))) return null
  return { id: Number(id), key }
}
