import * as v from 'valibot'
import { ROLES } from './roles.ts'

/** Somebody who works in the newsroom. */
export const Person = v.object({
  id: v.number(),
  name: v.string(),
  role: v.picklist(ROLES),
})
export type Person = v.InferOutput<typeof Person>

/** Somebody who is signed in, and how long ago they showed a passkey. */
export const Session = v.object({
  ...Person.entries,
  /** Names the session in lists; says nothing about the cookie. */
  sessionId: v.string(),
  seenAt: v.string(),
  verifiedAt: v.nullable(v.string()),
  passkeys: v.number(),
  /** Hours between words about what waits; 0 for none. */
  digestHours: v.number(),
})
export type Session = v.InferOutput<typeof Session>

/** What a person of the newsroom is called: as a commenter's name, but it stands in a list of people. */
export const PersonName = v.pipe(
  v.string(),
  v.trim(),
  v.normalize('NFC'),
  v.nonEmpty(),
  v.maxLength(80),
  v.regex(/^[^\p{C}]*$/u),
)

/** An address that mail goes to; none in which a mail server might find an encoded word (RFC 2047), and another address in that. */
export const Email = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(254),
  v.rfcEmail(),
  v.excludes('=?'),
)
