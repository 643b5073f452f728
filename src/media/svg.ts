import type { Element, Root, RootContent } from 'xast'
import { fromXml } from 'xast-util-from-xml'
import { toXml } from 'xast-util-to-xml'

/**
 * Drawings as a site may serve them: shapes, text, gradients and filters, and nothing that runs, fetches or links.
 * They are served with a policy that forbids the same (see `serveMedia`); this is the other lock.
 */

const ELEMENTS = new Set(
  `svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc
  linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix feComponentTransfer
  feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
  feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight
  feTile feTurbulence`.split(/\s+/),
)

const ATTRIBUTES = new Set(
  `xmlns xmlns:xlink xml:space xml:lang version id class role lang aria-label aria-labelledby aria-hidden focusable
  x y x1 x2 y1 y2 cx cy r rx ry fx fy fr dx dy width height d points viewBox preserveAspectRatio transform rotate
  pathLength offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits patternUnits
  patternContentUnits patternTransform markerWidth markerHeight markerUnits refX refY orient
  fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
  stroke-dasharray stroke-dashoffset opacity color stop-color stop-opacity flood-color flood-opacity lighting-color
  clip-path clip-rule mask filter marker-start marker-mid marker-end paint-order vector-effect visibility display
  overflow shape-rendering text-rendering image-rendering color-interpolation color-interpolation-filters
  font-family font-size font-style font-weight font-variant letter-spacing word-spacing text-anchor text-decoration
  dominant-baseline alignment-baseline baseline-shift textLength lengthAdjust writing-mode startOffset method spacing
  filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent operator
  k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant
  specularConstant specularExponent kernelUnitLength scale xChannelSelector yChannelSelector stdDeviation baseFrequency
  numOctaves seed stitchTiles azimuth elevation z radius`.split(/\s+/),
)

/** An address inside the drawing itself: the only one that may stand in one. */
const INNER = /^\s*#[^\s]*$/
const FOREIGN_URL = /url\(\s*['"]?(?!['"]?#)/i

/**
 * Takes everything out of a drawing that is not on the list.
 * @returns the drawing, unchanged where nothing had to go; null for what is no SVG
 */
export function sanitiseSvg(text: string): string | null {
  try {
    const tree = fromXml(text.replace(/^\uFEFF/, ''))
    const root = tree.children.find((node) => node.type === 'element')
    if (root?.name !== 'svg') return null
    let removed = 0
    const clean = (node: RootContent): RootContent[] => {
      if (node.type === 'text' || node.type === 'cdata') return [node]
      if (node.type !== 'element' || !ELEMENTS.has(node.name)) {
        if (node.type !== 'instruction') removed++
        return node.type === 'instruction' && node.name === 'xml' ? [node] : []
      }
      const attributes: Element['attributes'] = {}
      for (const [name, value] of Object.entries(node.attributes)) {
        if (isAllowed(name, value ?? '')) attributes[name] = value ?? ''
        else removed++
      }
      return [{ ...node, attributes, children: node.children.flatMap(clean) as Element['children'] }]
    }
    const cleaned: Root = { type: 'root', children: tree.children.flatMap(clean) }
    return removed === 0 ? text : toXml(cleaned)
  } catch {
    return null
  }
}

const isAllowed = (name: string, value: string): boolean =>
  name === 'href' || name === 'xlink:href'
    ? INNER.test(value)
    : ATTRIBUTES.has(name) && !FOREIGN_URL.test(value)
