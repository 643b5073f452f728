import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { create } from 'fontkit'
import subsetFont from 'subset-font'
import { EXTENDED, LATIN } from './typeface.ts'

/**
 * `npm run fonts` — cuts the headline face out of Newsreader, one weight at one optical size, and works out how the
 * reader's own faces have to be scaled to take its place without moving a line. What it makes is committed; it runs
 * again only when another face, weight or set of characters is chosen.
 */

const ROOT = join(import.meta.dirname, '../..')
const SOURCE = join(ROOT, 'node_modules/@fontsource-variable/newsreader/files')
const TARGET = join(ROOT, 'src/view/fonts')

/** Between Newsreader's text and display cuts: sharp at 50 pixels, and still no hairlines at 20. */
const CUT = { opsz: 48, wght: 620 }

/** Kerning, ligatures and composed letters; small capitals and old-style figures would be a fifth of the file. */
const FEATURES = ['kern', 'liga', 'ccmp', 'locl', 'mark']

const EXTENDED_RANGE = 'U+100-17F,U+218-21B,U+1E9E'

/** The box that a line of headline takes up, in em: capitals stand in its middle. */
const ASCENT = 0.9
const DESCENT = 0.25

/** Faces on readers' devices: where they are found, and a stand-in of the same widths or the face itself. */
const FALLBACKS = [
  { name: 'H1', local: ['Georgia Bold', 'Georgia-Bold', 'Gelasio Bold'], meanAdvance: 0.5315 },
  {
    name: 'H2',
    local: ['Times New Roman Bold', 'TimesNewRomanPS-BoldMT', 'Liberation Serif Bold', 'Tinos Bold'],
    meanAdvance: 0.442,
  },
  { name: 'H3', local: ['Noto Serif Bold', 'NotoSerif-Bold'], meanAdvance: 0.5214 },
]

/** Headlines like ours: the mean width of a letter is measured in them, here and for the fallbacks above. */
const SAMPLE =
  'China und Kasachstan rücken enger zusammen Außenhandelsbilanz: Große Verlage zögern bei „Künstlicher Intelligenz“ – 2026 steigen Löhne um 3,5 Prozent Wie der Rundfunk spart, ohne dass es jemand merkt Publishers rethink the price of attention in a year of elections'

const source = (script: string) => readFile(join(SOURCE, `newsreader-${script}-opsz-normal.woff2`))
const cut = (font: Buffer, text: string, targetFormat: 'woff2' | 'sfnt') =>
  subsetFont(font, text, { targetFormat, variationAxes: CUT, keepFeatures: FEATURES })

const [latinSource, extendedSource] = await Promise.all([source('latin'), source('latin-ext')])
const [latin, extended, drawing] = await Promise.all([
  cut(latinSource, LATIN, 'woff2'),
  cut(extendedSource, EXTENDED, 'woff2'),
  cut(latinSource, LATIN, 'sfnt'),
])
await mkdir(TARGET, { recursive: true })
await writeFile(join(TARGET, 'newsreader-latin.woff2'), latin)
await writeFile(join(TARGET, 'newsreader-extended.woff2'), extended)
await writeFile(join(TARGET, 'newsreader.ts'), describe())
console.log(`newsreader-latin.woff2 ${latin.length} B, newsreader-extended.woff2 ${extended.length} B`)

function describe(): string {
  const addresses = { latin: address('latin', latin), extended: address('extended', extended) }
  return `/** Made by \`npm run fonts\` (src/cli/make-fonts.ts) from the font files beside it. */

/** Addresses of the headline face: they change with the content, so they may be kept for ever. */
export const NEWSREADER = {
  latin: '${addresses.latin}',
  extended: '${addresses.extended}',
}

/** The headline face, and faces of the reader's device scaled to its measure, as CSS. */
export const NEWSREADER_CSS =
  '${[
    face('H', [`url(${addresses.latin})format("woff2")`], 1),
    face('H', [`url(${addresses.extended})format("woff2")`], 1, `unicode-range:${EXTENDED_RANGE};`),
    ...FALLBACKS.map(({ name, local, meanAdvance }) =>
      face(
        name,
        local.map((one) => `local("${one}")`),
        meanAdvanceOf(drawing) / meanAdvance,
      ),
    ),
  ].join("' +\n  '")}'
`
}

function address(script: string, font: Buffer): string {
  return `/fonts/newsreader-${script}-${createHash('sha256').update(font).digest('hex').slice(0, 10)}.woff2`
}

/** One `@font-face`. A scaled face's ascent is scaled with it, so it is declared that much higher before. */
function face(family: string, sources: readonly string[], scale: number, more = ''): string {
  const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`
  const size = scale === 1 ? 'font-display:optional;' : `size-adjust:${percent(scale)};`
  const box = `ascent-override:${percent(ASCENT / scale)};descent-override:${percent(DESCENT / scale)};line-gap-override:0%`
  return `@font-face{font-family:${family};font-weight:400 900;src:${sources.join(',')};${size}${more}${box}}`
}

function meanAdvanceOf(font: Buffer): number {
  const opened = create(font)
  if (!('layout' in opened)) throw new Error('a collection of fonts is not expected here')
  return opened.layout(SAMPLE).advanceWidth / opened.unitsPerEm / SAMPLE.length
}
