/** The least a Worker can do for a report that nobody waits for: it answers 204 with the usual headers. */

interface Bindings {
  /** JSON: the headers of the answer. */
  HEADERS: string
}

let headers: Headers | undefined

export default {
  fetch(_, env) {
    headers ??= new Headers(JSON.parse(env.HEADERS))
    return new Response(null, { status: 204, headers })
  },
} satisfies ExportedHandler<Bindings>
