import * as v from 'valibot'
import type { Slug } from '../article/slug.ts'

/** A comment's number as an address or a form has it. */
export const CommentId = v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/), v.transform(Number))

/** Reads a comment's number; null for anything that can't be one. */
export function parseCommentId(text: string): number | null {
  const result = v.safeParse(CommentId, text)
  return result.success ? result.output : null
}

/** What the newsroom can decide about a comment. */
export const STATUSES = ['pending', 'approved', 'spam', 'trash'] as const
export type Status = (typeof STATUSES)[number]

/** A comment as readers see it. Times are ISO 8601 in UTC. */
export const Comment = v.object({
  id: v.number(),
  name: v.string(),
  website: v.nullable(v.string()),
  /** As typed. */
  text: v.string(),
  /** As readers see it; empty where it was stored before there was any. */
  html: v.string(),
  createdAt: v.string(),
  /** When its author changed it. */
  editedAt: v.nullable(v.string()),
  /** `deleted` is an empty place that holds a thread together. */
  status: v.picklist([...STATUSES, 'deleted']),
  /** What its avatar is drawn from; empty where it was stored before there were any. */
  avatar: v.string(),
  /** Published comments below the first one of a thread. */
  replies: v.number(),
  /** The first comment of its thread; null for that one itself. */
  thread: v.nullable(v.number()),
  /** The comment at depth 2 below which it stands; null at depth 1 and 2. */
  branch: v.nullable(v.number()),
  /** Why the newsroom shortened it; null where it did not. */
  shortened: v.nullable(v.string()),
  /** Whether somebody of the newsroom wrote it. */
  isStaff: v.pipe(
    v.number(),
    v.transform((n) => n !== 0),
  ),
  /** Whether the newsroom recommends it. */
  isPinned: v.pipe(
    v.number(),
    v.transform((n) => n !== 0),
  ),
  /** Whom it answers, where its place does not say so. */
  answers: v.nullable(v.string()),
})
export type Comment = v.InferOutput<typeof Comment>

/** Limits the form states, in characters (Unicode code points). */
export const MAX_NAME = 80
export const MAX_TEXT = 5000

/** How long its author may change a comment. */
export const EDIT_MS = 15 * 60 * 1000

/** Whether its author may still change a comment; until `EDIT_MS` after it was written. */
export const mayEdit = ({ createdAt }: Pick<Comment, 'createdAt'>, now: Date): boolean =>
  now.getTime() - Date.parse(createdAt) < EDIT_MS

/** A field that people don't see; programs that fill in every field give themselves away. */
export const HONEYPOT = 'betreff'

/** The button that was pressed; only that of the preview says so. */
export const INTENT = 'absicht'
export const PREVIEW = 'vorschau'
/** Whether who writes wants mail about answers. */
export const NOTIFY = 'benachrichtigen'

export const REMOVE = 'loeschen'
export const REMOVE_FOR_GOOD = 'endgueltig-loeschen'

/** What a reader typed, as typed: what an error page gives back. */
export interface Typed {
  name: string
  email: string
  website: string
  text: string
  parent: string
  notify: boolean
}

/** A reader's comment that fits every rule, not yet stored. */
export interface CommentDraft {
  article: Slug
  parent: number | null
  name: string
  email: string
  website: string | null
  text: string
}

export type Field = 'name' | 'email' | 'website' | 'text'

/** What is wrong with a field, as a key into the locale's `comments.errors` texts. */
export type FieldError =
  | 'nameMissing'
  | 'nameLong'
  | 'nameControl'
  | 'nameTaken'
  | 'emailMissing'
  | 'emailInvalid'
  | 'websiteInvalid'
  | 'textMissing'
  | 'textLong'
  | 'textControl'

export type ParsedDraft =
  | { ok: true; value: CommentDraft }
  | { ok: false; errors: Partial<Record<Field, FieldError>> }

/** Control characters but line breaks and tabs, bidirectional overrides, noncharacters, lone surrogates. */
const UNWANTED = /[[\p{Cs}\p{Cc}\u202a-\u202e\u2066-\u2069\ufffe\uffff]--[\n\t]]/v

const Email = v.pipe(
  v.string(),
  v.maxLength(254),
  v.transform(withAsciiDomain),
  v.rfcEmail(),
  // A mail server might find an encoded word (RFC 2047), and another address in it.
  v.excludes('=?'),
  v.regex(/\.[^.]{2,}$/),
)
const Website = v.pipe(
  v.string(),
  v.maxLength(500),
  v.check(
    (text) =>
      /^https?:\/\/[^\s"'<>\\^`{|}]+$/i.test(text) &&
      !UNWANTED.test(text) &&
      URL.canParse(text) &&
      new URL(text).hostname.includes('.'),
  ),
)

/** Takes the form's fields as a browser sends them. */
export function readTyped(fields: ReadonlyMap<string, string>): Typed {
  const field = (name: string) => fields.get(name) ?? ''
  return {
    name: field('name'),
    email: field('email'),
    website: field('website'),
    text: field('text'),
    parent: field('parent'),
    notify: field(NOTIFY) === '1',
  }
}

/** Validates what a reader typed: normalised to NFC, line breaks to `\n`, white space trimmed. */
export function parseDraft(typed: Typed, article: Slug): ParsedDraft {
  const name = withoutInvisible(normalise(typed.name)).replace(/\s+/g, ' ').trim()
  const email = normalise(typed.email)
  const website = withScheme(normalise(typed.website))
  const text = normalise(typed.text)
  const errors: Partial<Record<Field, FieldError>> = {
    ...checkText('name', name, MAX_NAME),
    ...(email === '' ? { email: 'emailMissing' } : v.is(Email, email) ? {} : { email: 'emailInvalid' }),
    ...(website === '' || v.is(Website, website) ? {} : { website: 'websiteInvalid' }),
    ...checkText('text', text, MAX_TEXT),
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const parent = parseCommentId(typed.parent)
  return {
    ok: true,
    value: { article, parent, name, email: email.toLowerCase(), website: website || null, text },
  }
}

/** Validates a text alone, as its author changes it. */
export function parseText(typed: string): {
  text: string
  errors: Partial<Record<Field, FieldError>> | null
} {
  const text = normalise(typed)
  const errors = checkText('text', text, MAX_TEXT)
  return { text, errors: Object.keys(errors).length > 0 ? errors : null }
}

/** `info@müller.de` is as good an address as others: what is checked is the domain that mail goes to (RFC 5890). */
function withAsciiDomain(email: string): string {
  const at = email.lastIndexOf('@') + 1
  const address = `http://${email.slice(at)}`
  const isDomain = /^[\p{L}\p{N}\p{M}.-]+$/u.test(email.slice(at)) && URL.canParse(address)
  return isDomain ? email.slice(0, at) + new URL(address).hostname : email
}

function checkText(field: 'name' | 'text', text: string, max: number): Partial<Record<Field, FieldError>> {
  if (visible(text) === '') return { [field]: `${field}Missing` }
  if (UNWANTED.test(text)) return { [field]: `${field}Control` }
  return [...text].length > max ? { [field]: `${field}Long` } : {}
}

const normalise = (text: string) =>
  text.normalize('NFC').replace(STACKED, '$1').replace(/\r\n?/g, '\n').trim()

/** Marks piled up on one letter („Zalgo“) run over the lines around them. No writing system needs more than four. */
const STACKED = /(\p{M}{4})\p{M}+/gu

/**
 * A name without what nobody sees, so that none looks like another's. The joiners stay where they make a difference:
 * between letters that join, and in pictographs.
 */
const withoutInvisible = (name: string) => name.replace(INVISIBLE, '')
const JOINED = String.raw`[[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]--\p{Script=Latin}]`
const INVISIBLE = new RegExp(
  [
    // All but the joiners, the mark of a pictograph and the letters of flags; what turns the writing around is refused.
    String.raw`[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\u202a-\u202e\u2066-\u2069\ufe0f\u{e0020}-\u{e007f}]]`,
    `(?<!${JOINED})[\u200c\u200d]`,
    `[\u200c\u200d](?!${JOINED})`,
    String.raw`(?<!\p{Emoji})\ufe0f`,
  ].join('|'),
  'gv',
)

/** A text without what can't be seen: a name of zero-width spaces is no name. */
const visible = (text: string) => text.replace(/[\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\s\u2800]/gu, '')

/** Readers type `beispiel.de`; what they mean is clear. */
const withScheme = (website: string) =>
  /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(\/\S*)?$/u.test(website) ? `https://${website}` : website
