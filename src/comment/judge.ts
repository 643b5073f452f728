import type { Status } from './comment.ts'

/** What the judge knows of a comment besides its text. */
export interface Evidence {
  /** The site's policy (`comments.moderation` in site.yaml). */
  moderation: 'all' | 'returning' | 'none'
  /** A field that people don't see was filled in. */
  fellIntoHoneypot: boolean
}

/**
 * The status a new comment starts with. `knownAddress` is the one to take when the address has an approved
 * comment already: the store decides between the two in the statement that writes.
 */
export function judge({ moderation, fellIntoHoneypot }: Evidence): {
  otherwise: Status
  knownAddress: Status
} {
  if (fellIntoHoneypot) return { otherwise: 'spam', knownAddress: 'spam' }
  if (moderation === 'none') return { otherwise: 'approved', knownAddress: 'approved' }
  return { otherwise: 'pending', knownAddress: moderation === 'returning' ? 'approved' : 'pending' }
}
