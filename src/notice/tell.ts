import { permalink } from '../comment/view.ts'
import { logError } from '../http/log.ts'
import { mailStatement } from '../mail/outbox.ts'
import type { Site } from '../site/site.ts'
import { timestampOf } from '../site/timestamp.ts'
import {
  findDigests,
  findDueAnswers,
  findUntold,
  markDigest,
  markTold,
  removeDueAnswers,
} from './notice-store.ts'
import { objectionPath } from './objection.tsx'
import { subscriptionsPath } from './subscriptions.tsx'

/** How long a decision may be taken back before its author is told of it. */
const SLIP_MS = 10 * 60 * 1000

/** Writes into the outbox what has become due: statements of reasons, answers, and what waits at the desk. */
export async function tellWhatIsDue(site: Site): Promise<void> {
  for (const tell of [tellAnswers, tellStatements, tellDigests]) {
    try {
      await tell(site)
    } catch (error) {
      logError('not-told', error)
    }
  }
}

/** Whole words of a text, for a mail. */
const excerpt = (text: string): string =>
  [...text].length <= 300
    ? text
    : `${[...text]
        .slice(0, 300)
        .join('')
        .replace(/\s\S*$/, '')} …`

async function tellAnswers(site: Site): Promise<void> {
  const { DB } = site.env
  const { mail } = site.texts
  const due = await findDueAnswers(DB)
  const letters = await Promise.all(
    due.map(async (answer) => {
      const to = await site.keys.decrypt(answer.email)
      if (to === null) return []
      const list = site.origin + (await subscriptionsPath(answer.emailHash, site))
      const message = {
        subject: mail.answer.subject(answer.name, answer.title ?? answer.article),
        body: [
          mail.answer.text(answer.name, answer.title ?? answer.article),
          excerpt(answer.text),
          { text: mail.answer.link, url: site.origin + permalink(answer.article, answer.comment) },
          { text: mail.answer.end, url: list },
        ],
        headers: {
          'List-Unsubscribe': `<${list}?abo=${answer.subscription}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        },
      }
      const cause = `answer ${answer.comment} to ${answer.subscription}`
      return [await mailStatement({ cause, kind: 'answer', to, message }, site)]
    }),
  )
  // Those for whom nobody is to be told go with them.
  await DB.batch([...letters.flat(), removeDueAnswers(DB)])
}

/** Tells authors what was decided about their comments, why, and how to object (DSA Art. 17). */
async function tellStatements(site: Site): Promise<void> {
  const { DB } = site.env
  const { mail } = site.texts
  const due = await findUntold(DB, timestampOf(site.now.getTime() - SLIP_MS))
  for (const one of due) {
    const to = await site.keys.decrypt(one.email)
    const message = {
      subject: mail.statement.subject(one.title ?? one.article),
      body: [
        mail.statement.kinds[one.kind](one.title ?? one.article),
        excerpt(one.text),
        one.reason === ''
          ? mail.statement.grounds[one.ground]
          : mail.statement.because(one.reason, mail.statement.grounds[one.ground]),
        mail.statement.byPerson,
        { text: mail.statement.object, url: site.origin + (await objectionPath(one.id, site)) },
        mail.statement.courts,
      ],
    }
    await DB.batch([
      markTold(DB, one.id, site.timestamp),
      ...(to === null
        ? []
        : [await mailStatement({ cause: `statement ${one.id}`, kind: 'statement', to, message }, site)]),
    ])
  }
}

async function tellDigests(site: Site): Promise<void> {
  const { DB } = site.env
  const { mail } = site.texts
  for (const { id, name, email } of await findDigests(DB, site.timestamp)) {
    const to = await site.keys.decrypt(email)
    const message = {
      subject: mail.digest.subject(site.settings.name),
      body: [mail.digest.text(name), { text: mail.digest.link, url: `${site.origin}/desk/comments/` }],
    }
    await DB.batch([
      markDigest(DB, id, site.timestamp),
      ...(to === null
        ? []
        : [
            await mailStatement(
              { cause: `digest ${id} ${site.timestamp}`, kind: 'digest', to, message },
              site,
            ),
          ]),
    ])
  }
}
