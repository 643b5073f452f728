import { answer } from './answer.ts'
import { forgetOldTraces } from './comment/retention.ts'
import type { Env } from './env.ts'
import { announce } from './feed/hub.ts'
import { Site } from './site/site.ts'

/** The way in. */
export default {
  fetch: (request, env, execution) => answer(request, env, execution, new Date()),
  scheduled: ({ cron, scheduledTime }, env, execution) => {
    const now = new Date(scheduledTime)
    // Every minute but once a day: articles whose time has come (see `triggers` in wrangler.toml).
    if (cron !== '17 3 * * *')
      return announce([], new Site(env, execution, 'https://scheduled.invalid/', now))
    return forgetOldTraces(env, now)
  },
} satisfies ExportedHandler<Env>
