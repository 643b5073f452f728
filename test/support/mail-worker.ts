import type { Env } from '../../src/env.ts'
import worker from '../../src/worker.ts'

/** The Worker as shipped, whose mail goes to a `PostOffice` of a test in place of Cloudflare's. */

interface MailEnv extends Env {
  POST_OFFICE: string
}

const withMail = ({ POST_OFFICE, ...env }: MailEnv): Env => ({
  ...env,
  EMAIL: {
    send: async (letter: unknown) => {
      const response = await fetch(POST_OFFICE, { method: 'POST', body: JSON.stringify(letter) })
      if (!response.ok) throw new Error(`the post office answered ${response.status}`)
      return response.json<EmailSendResult>()
    },
  },
})

export default {
  fetch: (request, env, execution) => worker.fetch(request, withMail(env), execution),
  scheduled: (controller, env, execution) => worker.scheduled(controller, withMail(env), execution),
} satisfies ExportedHandler<MailEnv>
