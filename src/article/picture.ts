import type { Picture } from './article.ts'
import { FORMATS, type Format, MEDIA_TYPES, type Media, variantFile } from './media.ts'

/** Where on a page a picture stands, and so how wide it is shown. */
export type Place = 'lead' | 'front' | 'card' | 'figure' | 'portrait'

/** What a browser needs to know to fetch the right width, before it knows the stylesheet (HTML §4.8.4). */
const SIZES: Record<Place, string> = {
  lead: '(min-width: 60rem) 46rem, 100vw',
  front: '(min-width: 60rem) 44rem, 100vw',
  card: '(min-width: 60rem) 24rem, (min-width: 40rem) 50vw, 100vw',
  figure: '(min-width: 46rem) 42rem, 100vw',
  portrait: '12rem',
}

/** Widest variant that is worth offering at a place, in pixels: a card is never shown wider than half of it. */
const WIDEST: Record<Place, number> = { lead: 1600, front: 1600, card: 960, figure: 1600, portrait: 480 }

export interface Source {
  type: string
  srcSet: string
}

/** The sources of a `<picture>`, best format first, and what its `<img>` needs; none for a picture stored as it is. */
export function sourcesOf(
  { src, widths = [] }: Pick<Picture, 'src' | 'widths'>,
  place: Place,
): { sources: Source[]; srcSet?: string; sizes?: string } {
  const [hash] = /[0-9a-f]{32}/.exec(src) ?? []
  if (!hash || widths.length === 0) return { sources: [] }
  const offered = widths.filter((width, index) => width <= WIDEST[place] || index === 0)
  const set = (format: Format) =>
    offered.map((width) => `/media/${variantFile(hash, width, format)} ${width}w`).join(', ')
  const sources = FORMATS.filter((format) => format !== 'jpg').map((format) => ({
    type: MEDIA_TYPES[format] ?? '',
    srcSet: set(format),
  }))
  return { sources, srcSet: set('jpg'), sizes: SIZES[place] }
}

/** A stored picture as pages show it. */
export const shownOf = ({ src, width, height, widths, color }: Media) => ({
  src,
  width,
  height,
  ...(widths.length > 0 ? { widths } : {}),
  ...(color ? { color } : {}),
})

/** Steps of a channel in the palette of stand-in colours: a style attribute is none under the site's policy. */
const STEPS = [0x28, 0x80, 0xd8]

/** The class whose colour is nearest to one, `k021`; see `paletteCss`. */
export function colorClass(color: string): string {
  const channel = (at: number) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16)
    return (
      STEPS.map((step, index) => [Math.abs(step - value), index] as const).sort(
        ([a], [b]) => a - b,
      )[0]?.[1] ?? 1
    )
  }
  return `k${channel(1)}${channel(3)}${channel(5)}`
}

/** A rule for each of the 27 stand-in colours that a page's markup has. */
export function paletteCss(html: string): string {
  const used = new Set(html.match(/(?<=class="(?:[^"]* )?)k[012]{3}(?=[ "])/g))
  const hex = (step: string) => (STEPS[Number(step)] ?? 0).toString(16)
  return [...used]
    .sort()
    .map((name) => `.${name}{background:#${[...name.slice(1)].map(hex).join('')}}`)
    .join('')
}
