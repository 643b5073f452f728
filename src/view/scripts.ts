import fnv1a from '@sindresorhus/fnv1a'
import ad from './scripts/ad.client.js'
import answer from './scripts/answer.client.js'
import desk from './scripts/desk.client.js'
import queue from './scripts/queue.client.js'
import turnstile from './scripts/turnstile.client.js'

/** Scripts of the site, by their address: it changes with the content. Every page works without them. */
const pathOf = (name: string, text: string) => `/scripts/${name}-${fnv1a(text, { size: 32 }).toString(36)}.js`

export const AD_SCRIPT = pathOf('ad', ad)
export const ANSWER_SCRIPT = pathOf('answer', answer)
export const DESK_SCRIPT = pathOf('desk', desk)
export const QUEUE_SCRIPT = pathOf('queue', queue)
export const TURNSTILE_SCRIPT = pathOf('turnstile', turnstile)

export const SCRIPTS: ReadonlyMap<string, string> = new Map([
  [AD_SCRIPT, ad],
  [ANSWER_SCRIPT, answer],
  [DESK_SCRIPT, desk],
  [QUEUE_SCRIPT, queue],
  [TURNSTILE_SCRIPT, turnstile],
])
