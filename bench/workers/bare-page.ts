/** The least a Worker can do for a page: it answers every request with the same bytes and headers. */

interface Bindings {
  /** JSON: the page's text and headers. */
  PAGE: string
}

let page: { body: Uint8Array<ArrayBuffer>; headers: Headers } | undefined

function read(json: string) {
  const { text, headers } = JSON.parse(json)
  return { body: new TextEncoder().encode(text), headers: new Headers(headers) }
}

export default {
  fetch(_, env) {
    page ??= read(env.PAGE)
    return new Response(page.body, { headers: page.headers })
  },
} satisfies ExportedHandler<Bindings>
