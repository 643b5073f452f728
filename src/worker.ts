import { answer } from './answer.ts'
import { forgetOldTraces } from './comment/retention.ts'
import type { Env } from './env.ts'

/** The way in. */
export default {
  fetch: (request, env, execution) => answer(request, env, execution, new Date()),
  scheduled: (_, env) => forgetOldTraces(env, new Date()),
} satisfies ExportedHandler<Env>
