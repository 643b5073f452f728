import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** What a browser would fetch or run for a page before and besides showing it. */
export interface Inspection {
  /** Addresses on other hosts that are loaded without a click. */
  foreign: string[]
  /**
   * Stylesheets and scripts that the first paint waits for. A font with `font-display: optional` is none, nor is a
   * stylesheet that the body names further down: only what comes after it waits.
   */
  blocking: string[]
  /** JavaScript in the page. */
  scriptBytes: number
  /** Scripts outside it, that run when everything is there. */
  scripts: string[]
}

const LOADING = ['src', 'srcset', 'poster', 'data', 'background']

/** Reads a page as a browser does and lists what it loads. */
export function inspectPage(html: string, url: string): Inspection {
  const elements = [...elementsOf(parse(html))]
  const loaded = elements.flatMap(loadedBy)
  const foreign = loaded.filter((address) => new URL(address, url).origin !== url)
  const scripts = elements.filter(isScript)
  const blocking = [
    ...elements.filter(
      ({ tagName, attrs, parentNode }) =>
        tagName === 'link' &&
        parentNode?.nodeName === 'head' &&
        /stylesheet/.test(attribute(attrs, 'rel')) &&
        attribute(attrs, 'media') !== 'print',
    ),
    ...scripts.filter(isWaitedFor),
  ].map(({ attrs }) => attribute(attrs, 'href') || attribute(attrs, 'src'))
  const styles = elements.filter(({ tagName }) => tagName === 'style').map(textOf)
  const imports = styles.flatMap((css) => css.match(/@import/g) ?? [])
  return {
    foreign,
    blocking: [...blocking, ...imports],
    scriptBytes: scripts.reduce((sum, script) => sum + Buffer.byteLength(textOf(script)), 0),
    scripts: scripts.map(({ attrs }) => attribute(attrs, 'src')).filter(Boolean),
  }
}

function* elementsOf(node: Node): Generator<Element> {
  if ('tagName' in node) yield node
  if ('childNodes' in node) for (const child of node.childNodes) yield* elementsOf(child)
}

const attribute = (attrs: Element['attrs'], name: string) =>
  attrs.find((one) => one.name === name)?.value ?? ''

const textOf = ({ childNodes }: Element) =>
  childNodes.map((child) => ('value' in child ? child.value : '')).join('')

/** Whether it runs: structured data (`application/ld+json`) doesn't. */
const isScript = ({ tagName, attrs }: Element) =>
  tagName === 'script' && !/^application\/(?:ld\+)?json$/.test(attribute(attrs, 'type'))

/** Whether the page stops for it (HTML §4.12.1: modules, `defer` and `async` don't). */
const isWaitedFor = ({ attrs }: Element) =>
  attribute(attrs, 'src') !== '' &&
  attribute(attrs, 'type') !== 'module' &&
  !attrs.some(({ name }) => name === 'defer' || name === 'async')

/** Addresses that a browser fetches by itself for an element. */
function loadedBy({ tagName, attrs }: Element): string[] {
  const links = tagName === 'link' && !/canonical|alternate|prev|next/.test(attribute(attrs, 'rel'))
  const names = links ? [...LOADING, 'href'] : LOADING
  return names
    .map((name) => attribute(attrs, name))
    .filter(Boolean)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim().split(' ')[0] ?? '')
}
