import { sha256, utf8 } from '../http/bytes.ts'
import type { SettingsSource } from '../site/settings.ts'
import { paletteOf } from '../view/theme.ts'

/**
 * The picture that other services show beside a link to an article. The command line draws it, and the site shows it
 * as long as it says what the article says.
 */

/** As Facebook, LinkedIn, Mastodon and X ask for it (1.91 : 1), in pixels. */
export const SOCIAL_SIZE = { width: 1200, height: 630 } as const

/** Under which name the library has it. */
export const socialName = (slug: string): string => `social-${slug}.png`

export const isSocialName = (name: string): boolean => /^social-[a-z0-9-]+\.png$/.test(name)

/** What the picture says, and in which colours. */
export interface SocialText {
  headline: string
  section: string
  site: string
  language: 'de' | 'en'
  colors: { paper: string; ink: string; accent: string }
}

/** Raise when the same words are drawn otherwise, so that every picture is drawn anew. */
const RECIPE = 1

export function socialText(
  { title, section, language }: { title: string; section: string; language?: 'de' | 'en' | undefined },
  settings: SettingsSource,
): SocialText {
  const { paper, ink, accent } = paletteOf(settings.theme, 'light')
  return {
    headline: title,
    section: settings.sections.find(({ slug }) => slug === section)?.name ?? '',
    site: settings.name,
    language: language ?? settings.language,
    colors: { paper, ink, accent },
  }
}

/** The hash by which client and server agree which picture it is: of what it says, for the drawing follows from that. */
export const socialHash = async (text: SocialText): Promise<string> =>
  (await sha256(utf8(JSON.stringify([RECIPE, text])))).slice(0, 32)
