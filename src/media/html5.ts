import { strFromU8, unzipSync } from 'fflate'

/** An HTML5 creative: a zip file with a small page of its own, as the trade exchanges them (IAB, HTML5 for Digital Advertising). */

/** Where the page of a creative lies, by the hash of its zip file. */
export const creativePath = (hash: string) => `/creative/${hash}/index.html`

/** Most bytes of a creative, unpacked. */
export const MAX_CREATIVE_BYTES = 150 * 1024
const MAX_FILES = 60

/** What the files of a creative may be, by extension, and how they are served. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  woff2: 'font/woff2',
}

export const typeOfCreativeFile = (path: string): string | undefined =>
  TYPES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()]

/** Why a file is no creative; a key of the locale's texts. */
export type CreativeFault = 'noZip' | 'tooLarge' | 'tooMany' | 'path' | 'type' | 'noIndex' | 'outside'

export type Unpacked =
  | { ok: true; files: ReadonlyMap<string, Uint8Array<ArrayBuffer>> }
  | { ok: false; fault: CreativeFault; got: string }

/** What packers of some systems add and nobody wants. */
const CLUTTER = /^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/

/**
 * Unpacks a creative and checks all of it. What it says of its own size is believed only as a limit: no more memory
 * than that is ever filled, whatever a bomb unfolds to.
 */
export function unpackCreative(bytes: Uint8Array): Unpacked {
  let fault: Extract<Unpacked, { ok: false }> | null = null
  const refuse = (code: CreativeFault, got: string): false => {
    fault ??= { ok: false, fault: code, got }
    return false
  }
  let [total, count] = [0, 0]
  if (bytes.length > MAX_CREATIVE_BYTES) return { ok: false, fault: 'tooLarge', got: kilobytes(bytes.length) }
  let entries: Record<string, Uint8Array>
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (fault || name.endsWith('/') || CLUTTER.test(name)) return false
        total += originalSize
        count += 1
        if (count > MAX_FILES) return refuse('tooMany', String(MAX_FILES))
        if (!isPlainPath(name)) return refuse('path', name.slice(0, 60))
        if (!typeOfCreativeFile(name)) return refuse('type', name)
        return total <= MAX_CREATIVE_BYTES || refuse('tooLarge', kilobytes(total))
      },
    })
  } catch {
    return { ok: false, fault: 'noZip', got: '' }
  }
  if (fault) return fault
  const files = new Map(
    Object.entries(withoutFolder(entries)).map(([name, data]) => [name, new Uint8Array(data)]),
  )
  if (!files.has('index.html')) return { ok: false, fault: count === 0 ? 'noZip' : 'noIndex', got: '' }
  for (const [name, data] of files) {
    const address = outsideAddress(name, data)
    if (address) return { ok: false, fault: 'outside', got: `${name}: ${address}` }
  }
  return { ok: true, files }
}

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} KB`

/** A path that stays inside: no way up, no root, nothing that a system reads otherwise. */
const isPlainPath = (path: string): boolean =>
  path.length <= 120 && path.split('/').every((part) => /^[\w-][\w .-]*$/.test(part) && !part.includes('..'))

/** Many packers put everything into one folder. */
function withoutFolder(entries: Record<string, Uint8Array>): Record<string, Uint8Array> {
  const names = Object.keys(entries)
  const [folder = ''] = names[0]?.split('/') ?? []
  if (names.includes('index.html') || !names.every((name) => name.startsWith(`${folder}/`))) return entries
  return Object.fromEntries(
    Object.entries(entries).map(([name, data]) => [name.slice(folder.length + 1), data]),
  )
}

/** Where the trade's creatives say where they lead; the site puts its own counted address there. */
const CLICK_TAG = /\b(var|let|const)\s+(clickTag|clickTAG)\s*=\s*(["'])[^"'\n]*\3/g

/** Names of formats, which are no addresses that anything is loaded from. */
const NAMESPACE = /https?:\/\/(?:www\.)?w3\.org\/[\w/.#-]*/g

/**
 * The first address outside of the creative that one of its files names. Its policy and the page's keep it from
 * reaching there anyway; whoever made it wants to hear of it before.
 */
function outsideAddress(name: string, data: Uint8Array): string | null {
  if (!/\.(?:html|css|js|svg|json)$/i.test(name)) return null
  const text = strFromU8(data).replace(CLICK_TAG, '').replace(NAMESPACE, '')
  const found = /(?:\b(?:https?|wss?|ftp):|["'(=]\s*)\/\/[\w.-]+\.[a-z]{2,}[^\s"')<>]*/i.exec(text)
  return found ? found[0].replace(/^["'(=]\s*/, '').slice(0, 80) : null
}

/**
 * Makes `clickTag` of a creative's page the address that the site counts clicks at. It is taken from the frame's own
 * address, and only if it is one of ours.
 */
export function withClickTag(html: string): string {
  const own = html.replace(
    CLICK_TAG,
    (_, word: string, name: string) => `${word} ${name} = window.mwClickTag`,
  )
  const [head = ''] = /<head(?:\s[^>]*)?>/i.exec(own) ?? /^\s*<!doctype[^>]*>/i.exec(own) ?? []
  const at = own.indexOf(head) + head.length
  return own.slice(0, at) + CLICK_SCRIPT + own.slice(at)
}

const CLICK_SCRIPT = `<script>(function(){var m=/[?&]clickTag=([^&]*)/.exec(location.search),p=m?decodeURIComponent(m[1]):"";window.mwClickTag=window.clickTag=window.clickTAG=/^\\/go\\/[a-z0-9-]+(\\?[cv]=[\\w-]+)?$/.test(p)?location.protocol+"//"+location.host+p:"about:blank"})()</script>`
