import type { VNode } from 'preact'
import type { Site } from '../site/site.ts'
import { renderPage, sendOnce } from '../view/layout.tsx'

/** A page for one person: never kept, never found. */
export async function sendNotice(site: Site, title: string, body: VNode, status = 200): Promise<Response> {
  const page = await renderPage(
    site,
    { title, noindex: true, sheet: 'text' },
    <article class="notice">
      <h1>{title}</h1>
      {body}
    </article>,
    status,
  )
  return sendOnce(page, { 'referrer-policy': 'same-origin' })
}

/** A field with its label and, where something is wrong with it, what. */
export function Labelled({
  id,
  label,
  error,
  children,
}: {
  id: string
  label: string
  error?: string | undefined
  children: VNode
}) {
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={id}>{label}</label>
      {error && (
        <p class="fault" id={`${id}-fehler`}>
          {error}
        </p>
      )}
      {children}
    </div>
  )
}
