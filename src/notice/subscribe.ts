import { randomKey } from '../desk/session.ts'
import { mailIfChangedStatement, sendDue } from '../mail/outbox.ts'
import type { Site } from '../site/site.ts'
import { insertSubscription } from './notice-store.ts'
import { confirmationHash } from './subscriptions.tsx'
import { tellWhatIsDue } from './tell.ts'

/**
 * What goes along with a comment whose author wants mail about answers: the subscription, and the mail that asks whether
 * they really do (double opt-in). Both do nothing where the comment was not stored.
 */
export async function subscriptionStatements(
  { article, sealedEmail, emailHash }: { article: string; sealedEmail: string; emailHash: string },
  to: string,
  site: Site,
): Promise<D1PreparedStatement[]> {
  const key = randomKey()
  const confirmHash = await confirmationHash(key, site)
  const { optIn } = site.texts.mail
  const message = {
    subject: optIn.subject(site.settings.name),
    body: [
      optIn.text(article),
      { text: optIn.link, url: `${site.origin}/subscriptions/confirm/${key}/` },
      optIn.ignore,
    ],
  }
  return [
    insertSubscription(site.env.DB, { email: sealedEmail, emailHash, confirmHash, now: site.timestamp }),
    await mailIfChangedStatement({ cause: `opt-in ${confirmHash}`, kind: 'opt-in', to, message }, site),
  ]
}

/** Behind a response: who waits for word is told, and what is in the outbox is sent. */
export async function tellSoon(site: Site): Promise<void> {
  await tellWhatIsDue(site)
  await sendDue(site)
}
