import { colord, extend } from 'colord'
import a11y from 'colord/plugins/a11y'
import * as v from 'valibot'

extend([a11y])

/** What a site may change of its look: colours, typefaces and masthead. docs/design.md shows all of it. */

const Color = v.pipe(v.string('color'), v.regex(/^#[0-9a-f]{6}$/i, 'color'))

const Palette = v.strictObject({
  /** Behind everything. */
  paper: v.exactOptional(Color),
  /** Behind forms. */
  sheet: v.exactOptional(Color),
  /** Behind what stands apart: ads, sources, code. */
  tint: v.exactOptional(Color),
  /** What is read. */
  ink: v.exactOptional(Color),
  /** What stands beside it: dates, captions, hints. */
  muted: v.exactOptional(Color),
  /** What leads on or warns. */
  accent: v.exactOptional(Color),
  /** Lines between things that belong together. */
  rule: v.exactOptional(Color),
})
type Palette = v.InferOutput<typeof Palette>

export const ThemeSource = v.strictObject({
  colors: v.optional(v.strictObject({ light: v.optional(Palette, {}), dark: v.optional(Palette, {}) }), {}),
  /** Typeface of headlines: the one that comes with the site, or one of the reader's device. */
  headlines: v.optional(v.picklist(['newsreader', 'serif', 'sans'], 'headlines'), 'newsreader'),
  /** Typeface of what is read. */
  text: v.optional(v.picklist(['serif', 'sans'], 'textface'), 'serif'),
  masthead: v.optional(v.picklist(['left', 'center'], 'masthead'), 'left'),
})
export type Theme = v.InferOutput<typeof ThemeSource>

type Scheme = 'light' | 'dark'
type Role = keyof Palette

const PALETTES: Readonly<Record<Scheme, Readonly<Record<Role, string>>>> = {
  light: {
    paper: '#faf6ee',
    sheet: '#fffdf8',
    tint: '#f1e8d6',
    ink: '#1b1a17',
    muted: '#5f594e',
    accent: '#b3261a',
    rule: '#d8cfbe',
  },
  dark: {
    paper: '#16150f',
    sheet: '#201e17',
    tint: '#2a271d',
    ink: '#ece6d9',
    muted: '#ada593',
    accent: '#ff8a75',
    rule: '#3d392e',
  },
}

const ROLES = ['paper', 'sheet', 'tint', 'ink', 'muted', 'accent', 'rule'] as const
/** Colours that text has, and colours that stand behind text. */
const TEXT = ['ink', 'muted', 'accent'] as const
const GROUND = ['paper', 'sheet', 'tint'] as const
/** What WCAG 2.2 asks of text (success criterion 1.4.3). */
const LEAST_CONTRAST = 4.5

/** The colours of a theme, those included that it leaves as they are. */
export const paletteOf = ({ colors }: Theme, scheme: 'light' | 'dark'): Record<Role, string> => ({
  ...PALETTES[scheme],
  ...colors[scheme],
})

/** A pair of colours that can't be told apart well enough. */
export interface LowContrast {
  scheme: Scheme
  text: (typeof TEXT)[number]
  ground: (typeof GROUND)[number]
  colors: readonly [text: string, ground: string]
  /** As WCAG 2.2 defines it, 1 to 21, rounded down to two digits. */
  ratio: number
}

/** The pairs of a theme below 4.5 : 1. */
export function lowContrasts(theme: Theme): LowContrast[] {
  return (['light', 'dark'] as const).flatMap((scheme) => {
    const palette = paletteOf(theme, scheme)
    return TEXT.flatMap((text) =>
      GROUND.map((ground) => ({
        scheme,
        text,
        ground,
        colors: [palette[text], palette[ground]] as const,
        ratio: colord(palette[text]).contrast(palette[ground]),
      })),
    ).filter(({ ratio }) => ratio < LEAST_CONTRAST)
  })
}

const SERIF = 'Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Cambria,Georgia,serif'
const SANS = '"Avenir Next","Segoe UI","Helvetica Neue",Roboto,system-ui,sans-serif'
const HEADLINES = { newsreader: 'H,H1,H2,H3,serif', serif: SERIF, sans: SANS } as const
const TEXTS = { serif: SERIF, sans: SANS } as const

/** The design tokens that a theme decides, as a rule for the document's root. */
export function themeCss(theme: Theme): string {
  const [light, dark] = [paletteOf(theme, 'light'), paletteOf(theme, 'dark')]
  const colors = ROLES.map((role) => `--${role}:light-dark(${light[role]},${dark[role]})`)
  return `:root{color-scheme:light dark;${colors.join(';')};--head:${HEADLINES[theme.headlines]};--serif:${TEXTS[theme.text]};--sans:${SANS}}`
}
