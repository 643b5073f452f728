import type { Element, ElementContent } from 'hast'
import type { MarkdownIt, StateBlock } from 'markdown-it'
import type { Texts } from '../locale/de.ts'
import { closest, type Issue } from '../publish/issue.ts'
import { element, text } from './element.ts'

/**
 * What stands on other sites: `{{youtube dQw4w9WgXcQ "Title" still.jpg}}` becomes a preview of our own with a link
 * that says where it leads. Nothing is asked of the other site before a reader follows it.
 */

interface Service {
  name: string
  id: RegExp
  address: (id: string) => string
}

const SERVICES: Readonly<Record<string, Service>> = {
  youtube: {
    name: 'YouTube',
    id: /^[\w-]{11}$/,
    address: (id) => `https://www.youtube.com/watch?v=${id}`,
  },
  vimeo: { name: 'Vimeo', id: /^\d{6,12}$/, address: (id) => `https://vimeo.com/${id}` },
  soundcloud: { name: 'SoundCloud', id: /^[\w-]+\/[\w-]+$/, address: (id) => `https://soundcloud.com/${id}` },
  spotify: {
    name: 'Spotify',
    id: /^(?:episode|show|track)\/[A-Za-z0-9]{22}$/,
    address: (id) => `https://open.spotify.com/${id}`,
  },
  mastodon: { name: 'Mastodon', id: /^https:\/\/[a-z0-9.-]+\/@[\w.@-]+\/\d+$/, address: (id) => id },
}

const LINE = /^\{\{.*\}\}\s*$/
const PARTS = /^\{\{\s*([\w-]+)\s+([^\s"}]+)(?:\s+"([^"]*)")?(?:\s+([^\s"}]+))?\s*\}\}$/
/** How an embed passes through Markdown and the sanitiser: as code, in which nothing is read as a mark. */
const CLASS = 'language-embed'

/** Lets Markdown take `{{…}}` alone in its block for an embed. */
export function embedPlugin(parser: MarkdownIt): void {
  parser.block.ruler.before('paragraph', 'embed', (state: StateBlock, line, _, isProbe) => {
    const written = state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
    if (!LINE.test(written)) return false
    if (isProbe) return true
    const token = state.push('embed', '', 0)
    token.content = written.trim()
    state.line = line + 1
    return true
  })
  parser.renderer.rules.embed = (tokens, index) =>
    `<p><code class="${CLASS}">${parser.utils.escapeHtml(tokens[index]?.content ?? '')}</code></p>`
}

/** What a block says that is an embed; null for any other block. */
export function embedOf(block: Element): string | null {
  const [code, ...others] = block.children
  if (block.tagName !== 'p' || others.length > 0 || code?.type !== 'element' || code.tagName !== 'code')
    return null
  const [written] = code.children
  return String(code.properties.className ?? '') === CLASS && written?.type === 'text' ? written.value : null
}

/**
 * Makes the preview.
 * @param still makes the picture of a name, where one is given
 * @returns null when it can't be made; the issues say why
 */
export function previewOf(
  written: string,
  texts: Texts,
  issues: Issue[],
  still: (name: string) => ElementContent[],
): Element | null {
  const [, wanted = '', id = '', title = '', picture] = PARTS.exec(written) ?? []
  const service = Object.hasOwn(SERVICES, wanted) ? SERVICES[wanted] : undefined
  if (wanted && !service) {
    const nearest = closest(wanted, Object.keys(SERVICES))
    issues.push({ key: 'body', code: 'unknown-embed', got: wanted, ...(nearest ? { nearest } : {}) })
    return null
  }
  if (!service?.id.test(id)) {
    issues.push({ key: 'body', code: 'invalid', got: written.slice(0, 60), expected: 'embed' })
    return null
  }
  const href = service.address(id)
  const host = new URL(href).host.replace(/^(?:www|open)\./, '')
  const link = element('a', { href, rel: ['noopener', 'external'] }, [
    ...(picture ? still(picture) : []),
    element('strong', {}, [text(title || texts.article.embedTitle(service.name))]),
    text(' '),
    element('span', {}, [text(texts.article.embedOpen(service.name))]),
  ])
  return element('figure', { className: ['embed'] }, [
    link,
    element('figcaption', {}, [text(texts.article.embedNote(host))]),
  ])
}
