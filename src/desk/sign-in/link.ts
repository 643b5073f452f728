import { lookalike } from '../../comment/lookalike.ts'
import type { Site } from '../../site/site.ts'
import { timestampOf } from '../../site/timestamp.ts'
import type { AuditLine } from '../audit/audit-store.ts'
import { insertAudit } from '../audit/audit-store.ts'
import { invitePerson } from '../people/people-store.ts'
import type { Role } from '../roles.ts'
import { randomKey } from '../session.ts'
import { insertLink } from '../session-store.ts'

/** Links that let somebody in once. */

/** How long a link is good that somebody asked for, or that the command line made. */
export const LINK_MS = 60 * 60 * 1000
/** How long an invitation by mail is good. */
export const INVITATION_MS = 3 * 24 * 60 * 60 * 1000

export interface SignInLink {
  url: string
  hash: string
  expiresAt: string
}

/** Makes a link; only its hash is stored. */
export async function makeLink(lifeMs: number, site: Site): Promise<SignInLink> {
  const key = randomKey()
  return {
    url: `${site.requestOrigin}/desk/sign-in/${key}/`,
    hash: await hashOfLink(key, site),
    expiresAt: timestampOf(site.now.getTime() + lifeMs),
  }
}

export const hashOfLink = (key: string, site: Site): Promise<string> => site.keys.hash('sign-in-link', key)

export interface Invitation {
  name: string
  email: string
  role: Role
}

/** The statements of an invitation: the person, the link, and the line that says so. */
export async function invitationStatements(
  { name, email, role }: Invitation,
  link: SignInLink,
  by: number | null,
  site: Site,
): Promise<{ statements: D1PreparedStatement[]; emailHash: string }> {
  const { DB } = site.env
  const [sealed, emailHash] = await Promise.all([
    site.keys.encrypt(email),
    site.keys.hash('email-hash', email),
  ])
  const now = site.timestamp
  const line: AuditLine = { person: by, action: 'invite', subject: 'person', detail: { name, role } }
  return {
    emailHash,
    statements: [
      invitePerson(DB, { name, lookalike: lookalike(name), email: sealed, emailHash, role, now }),
      insertLink(DB, { hash: link.hash, emailHash, now, expiresAt: link.expiresAt }),
      insertAudit(DB, line, now),
    ],
  }
}
