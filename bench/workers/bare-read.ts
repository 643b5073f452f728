/** The least a Worker can do with D1: it reads one row by its key and answers with it. */

interface Bindings {
  DB: D1Database
  /** The slug of the article that is read. */
  SLUG: string
}

export default {
  async fetch(_, env) {
    const row = await env.DB.prepare('SELECT slug, title FROM article WHERE slug = ?1').bind(env.SLUG).first()
    const text = JSON.stringify(row)
    return new Response(text, { headers: { 'content-length': String(text.length) } })
  },
} satisfies ExportedHandler<Bindings>
