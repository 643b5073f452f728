import { join } from 'node:path'
import { type Font, type Glyph, openSync } from 'fontkit'
import sharp from 'sharp'
import { SOCIAL_SIZE, type SocialText } from '../article/social.ts'
import { LINE_HEIGHT, setHeadline } from './social-layout.ts'
import { drawable, EXTENDED } from './typeface.ts'

/** Draws social pictures in the site's design. Letters become outlines: no typeface of the machine is asked for. */

const FONTS = join(import.meta.dirname, '../view/fonts')
const MARGIN = 64
const KICKER = 34
const NAME = 46
const { width: WIDTH, height: HEIGHT } = SOCIAL_SIZE
const ROOM = { width: WIDTH - 2 * MARGIN, height: 348 }

let fonts: { latin: Font; extended: Font } | undefined

function face(character: string): Font {
  fonts ??= {
    latin: single(openSync(join(FONTS, 'newsreader-latin.woff2'))),
    extended: single(openSync(join(FONTS, 'newsreader-extended.woff2'))),
  }
  return isExtended.has(character) ? fonts.extended : fonts.latin
}

const isExtended = new Set(EXTENDED)

function single(opened: ReturnType<typeof openSync>): Font {
  if (!('layout' in opened)) throw new Error('a collection of fonts instead of one')
  return opened
}

/** Pieces of a text that one of the two files has. */
function runsOf(text: string): { font: Font; text: string }[] {
  const runs: { font: Font; text: string }[] = []
  for (const character of text) {
    const font = face(character)
    const last = runs.at(-1)
    if (last?.font === font) last.text += character
    else runs.push({ font, text: character })
  }
  return runs
}

const REMEMBERED = 20_000
const widths = new Map<string, number>()

function widthOfWord(word: string): number {
  const known = widths.get(word)
  if (known !== undefined) return known
  const width = runsOf(word).reduce(
    (sum, run) => sum + run.font.layout(run.text).advanceWidth / run.font.unitsPerEm,
    0,
  )
  if (widths.size >= REMEMBERED) widths.clear()
  widths.set(word, width)
  return width
}

/** How wide a text is, in em: word by word, for the words come again and again. */
export function widthOf(text: string): number {
  const words = text.split(' ')
  return words.reduce((sum, word) => sum + widthOfWord(word), (words.length - 1) * widthOfWord(' '))
}

const shapes = new WeakMap<Glyph, string>()

function shapeOf(glyph: Glyph): string {
  const shape = shapes.get(glyph) ?? glyph.path.toSVG()
  shapes.set(glyph, shape)
  return shape
}

/** A line of text as outlines. @param y the line on which the letters stand */
function outline(text: string, x: number, y: number, size: number, color: string): string {
  let at = x
  const drawn: string[] = []
  for (const { font, text: run } of runsOf(text)) {
    const scale = size / font.unitsPerEm
    const { glyphs, positions } = font.layout(run)
    for (const [index, glyph] of glyphs.entries()) {
      const { xAdvance = 0, xOffset = 0 } = positions[index] ?? {}
      const shape = shapeOf(glyph)
      if (shape)
        drawn.push(
          `<path transform="translate(${at + xOffset * scale} ${y}) scale(${scale} ${-scale})" d="${shape}"/>`,
        )
      at += xAdvance * scale
    }
  }
  return `<g fill="${color}">${drawn.join('')}</g>`
}

/** A name in one line, smaller where it is long. */
const fitted = (text: string, size: number, width: number) =>
  Math.min(size, width / Math.max(1, widthOf(text)))

/** The picture as SVG; null when the face lacks a letter of the headline. */
export function socialSvg({ headline, section, site, language, colors }: SocialText): string | null {
  const words = drawable(headline)
  if (!words) return null
  const { size, lines } = setHeadline(words, language, ROOM, widthOf)
  const kicker = drawable(section) ?? ''
  const name = drawable(site) ?? ''
  const nameSize = fitted(name, NAME, ROOM.width - NAME)
  const top = MARGIN + 110
  const foot = HEIGHT - 112
  const square = nameSize * 0.22
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${colors.paper}"/>`,
    `<rect x="${MARGIN}" y="${MARGIN - 14}" width="${MARGIN * 1.5}" height="6" fill="${colors.accent}"/>`,
    outline(kicker, MARGIN, MARGIN + 44, fitted(kicker, KICKER, ROOM.width), colors.accent),
    // Letters stand on their line, so the first begins by its height below the top.
    ...lines.map((line, index) =>
      outline(line, MARGIN, top + size * (0.72 + index * LINE_HEIGHT), size, colors.ink),
    ),
    `<rect x="${MARGIN}" y="${foot}" width="${ROOM.width}" height="4" fill="${colors.ink}"/>`,
    `<rect x="${MARGIN}" y="${foot + 8}" width="${ROOM.width}" height="1.5" fill="${colors.ink}"/>`,
    outline(name, MARGIN, HEIGHT - 46, nameSize, colors.ink),
    `<rect x="${MARGIN + widthOf(name) * nameSize + square * 0.4}" y="${HEIGHT - 46 - square}" width="${square}" height="${square}" fill="${colors.accent}"/>`,
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${parts.join('')}</svg>`
}

/** The picture as PNG; null when the face lacks a letter of the headline. */
export async function drawSocialPicture(text: SocialText): Promise<Uint8Array<ArrayBuffer> | null> {
  const svg = socialSvg(text)
  if (svg === null) return null
  const png = await sharp(Buffer.from(svg)).png({ palette: true, colours: 64, effort: 4 }).toBuffer()
  return new Uint8Array(png)
}
