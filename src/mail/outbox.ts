import * as v from 'valibot'
import { logError } from '../http/log.ts'
import type { Site } from '../site/site.ts'
import { timestampOf } from '../site/timestamp.ts'
import { fieldText, type Message, renderMessage } from './message.ts'
import {
  insertMail,
  insertMailIfChanged,
  insertMailToPerson,
  type LeasedMail,
  leaseNext,
  markFailed,
  markSent,
  type OutgoingMail,
} from './outbox-store.ts'

/** What a mail is for, to whom it goes and what it says. */
export interface Letter {
  cause: string
  kind: string
  to: string
  message: Message
}

const Content = v.object({
  subject: v.string(),
  text: v.string(),
  html: v.string(),
  headers: v.record(v.string(), v.string()),
})

/** The statement that puts a mail into the outbox; it belongs into the transaction of its cause. */
export const mailStatement = async (letter: Letter, site: Site): Promise<D1PreparedStatement> =>
  insertMail(site.env.DB, await seal(letter, site))

/** The same for somebody of the newsroom: nothing is sent where the address belongs to nobody there. */
export const mailToPersonStatement = async (
  letter: Letter,
  emailHash: string,
  site: Site,
): Promise<D1PreparedStatement> => insertMailToPerson(site.env.DB, await seal(letter, site), emailHash)

/** The same, only where the statement before it in the transaction changed something. */
export const mailIfChangedStatement = async (letter: Letter, site: Site): Promise<D1PreparedStatement> =>
  insertMailIfChanged(site.env.DB, await seal(letter, site))

async function seal({ cause, kind, to, message }: Letter, site: Site): Promise<OutgoingMail> {
  const { language, name } = site.settings
  const content = JSON.stringify(renderMessage(message, { language, site: `${name} · ${site.origin}` }))
  const [recipient, sealed] = await Promise.all([site.keys.encrypt(to), site.keys.encrypt(content)])
  return { cause, kind, recipient, content: sealed, now: site.timestamp }
}

/** How long who sends a mail has for it. */
const LEASE_MS = 2 * 60 * 1000
/** Behind a response there is half a minute; what is left is sent by the next one, or by the minute. */
const AT_ONCE = 20
/** After the last of these pauses a mail is given up: two days in all. */
const PAUSES_MINUTES = [1, 5, 15, 60, 240, 720, 1800]

/**
 * Sends what is due. A mail is never sent twice: who sends it holds a lease, and where it ran out without a word (the
 * Worker died between sending and recording) the mail is shown in the desk as one of which nobody knows. Mails are taken
 * one by one, so that it is never more than the one under way.
 */
export async function sendDue(site: Site): Promise<void> {
  const { EMAIL, DB } = site.env
  if (!EMAIL) return
  const from = await sender(site)
  if (!from) return
  // A lease counts from when its mail is taken: the last of many is taken long after the request came.
  const started = Date.now()
  try {
    let outcome: D1PreparedStatement | null = null
    for (let taken = 0; taken < AT_ONCE; taken++) {
      const now = site.now.getTime() + Date.now() - started
      const until = timestampOf(now + LEASE_MS)
      const mail = await leaseNext(DB, { now: timestampOf(now), until, outcome })
      if (!mail) return
      outcome = await send(mail, EMAIL, from, site)
    }
    await outcome?.run()
  } catch (error) {
    logError('outbox-failed', error)
  }
}

async function sender(site: Site): Promise<{ email: string; name: string } | null> {
  try {
    const { settings } = await site.snapshot()
    return settings.mail ? { email: settings.mail.from, name: fieldText(settings.name) } : null
  } catch (error) {
    logError('settings-unknown', error)
    return null
  }
}

/** Sends a mail; the statement that notes what became of it. */
async function send(
  mail: LeasedMail,
  binding: SendEmail,
  from: { email: string; name: string },
  { keys, env, now }: Site,
): Promise<D1PreparedStatement> {
  const [to, sealed] = await Promise.all([keys.decrypt(mail.recipient), keys.decrypt(mail.content)])
  if (to === null || sealed === null) return markFailed(env.DB, mail.id, { dueAt: null, error: 'unreadable' })
  const { subject, text, html, headers } = v.parse(Content, JSON.parse(sealed))
  try {
    await binding.send({ from, to, subject, text, html, headers })
  } catch (error) {
    logError('mail-not-sent', error, { id: mail.id })
    const pause = PAUSES_MINUTES[mail.attempts - 1]
    const dueAt = pause === undefined ? null : timestampOf(now.getTime() + pause * 60_000)
    return markFailed(env.DB, mail.id, { dueAt, error: String(error).slice(0, 200) })
  }
  return markSent(env.DB, mail.id)
}
