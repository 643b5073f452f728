/** The least a Worker can do to count a click: it inserts one row and redirects. */

interface Bindings {
  DB: D1Database
  /** JSON: the headers of the answer. */
  HEADERS: string
}

export default {
  async fetch(request, env) {
    const token = new URL(request.url).searchParams.get('v')
    await env.DB.prepare('INSERT INTO click (token, at) VALUES (?1, ?2)').bind(token, Date.now()).run()
    return new Response(null, { status: 302, headers: JSON.parse(env.HEADERS) })
  },
} satisfies ExportedHandler<Bindings>
