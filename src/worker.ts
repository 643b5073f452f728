import { answer } from './answer.ts'
import type { Env } from './env.ts'
import { announce } from './feed/hub.ts'
import { logError } from './http/log.ts'
import { sendDue } from './mail/outbox.ts'
import { tellWhatIsDue } from './notice/tell.ts'
import { removeWhatIsOver } from './privacy/retention.ts'
import { Site } from './site/site.ts'

export { AdLedger } from './ad/ledger.ts'

/** The way in. */
export default {
  fetch: (request, env, execution) => answer(request, env, execution, new Date()),
  scheduled: ({ cron, scheduledTime }, env, execution) => {
    const now = new Date(scheduledTime)
    const site = new Site(env, execution, 'https://scheduled.invalid/', now)
    // Every minute but once a day (see `triggers` in wrangler.toml).
    return cron === '17 3 * * *' ? removeWhatIsOver(site) : doWhatIsDue(site)
  },
} satisfies ExportedHandler<Env>

/** Articles whose time has come are announced, and mail is sent that could not be sent at once. */
async function doWhatIsDue(site: Site): Promise<void> {
  await site.snapshot().catch((error) => logError('settings-unknown', error))
  await Promise.all([announce([], site), tell(site)])
}

/** Mail that is written without a request can name the site only by the address in its settings. */
async function tell(site: Site): Promise<void> {
  if (site.settings.url) await tellWhatIsDue(site)
  await sendDue(site)
}
