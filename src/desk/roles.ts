/** What somebody is in the newsroom, from the least trusted on. */
export const ROLES = ['author', 'moderator', 'editor', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who may do what. Every route of the desk names one of these (see `routes.ts`), and a test tries each with each role. */
export const MAY = {
  /** Look after one's own passkeys and sessions. */
  'own-account': ['author', 'moderator', 'editor', 'admin'],
  /** Decide about comments, answer them, block. */
  moderate: ['moderator', 'editor', 'admin'],
  /** Remove a comment so that nothing brings it back. */
  'delete-comments': ['editor', 'admin'],
  /** Sell room on the site: write, run and end campaigns. */
  'sell-ads': ['editor', 'admin'],
  /** Read who did what. */
  'read-audit': ['editor', 'admin'],
  /** Look after mail that could not be sent. */
  'manage-mail': ['editor', 'admin'],
  /** Give a person their data, or erase it. */
  'manage-personal-data': ['admin'],
  /** Invite people, change their roles, let them in no more. */
  'manage-people': ['admin'],
} as const satisfies Record<string, readonly Role[]>
export type Permission = keyof typeof MAY

export const may = (role: Role, permission: Permission): boolean =>
  MAY[permission].some((allowed) => allowed === role)
