import type { Reason } from '../queue-store.ts'

/** What the services have in common that help to tell spam. */

/** What a service says about a comment. */
export interface Opinion {
  reason: Reason
  /** Whether somebody of the newsroom has to look, whatever else is known of the comment. */
  holds: boolean
}

/** How long all of them together may take. */
export const PATIENCE_MS = 2000
