import type { Element } from 'hast'
import type { Texts } from '../locale/de.ts'
import { element } from './element.ts'
import { companionsOf, kindOf, type Media, type MediaLibrary } from './media.ts'

/** Where a recording stands: what a player needs to know besides the file. */
export interface RecordingContext {
  media: MediaLibrary
  texts: Texts
  /** Language of the article: that of captions that name none. */
  language: 'de' | 'en'
}

/** The player of a recording, as every browser has it: `<audio>` or `<video>` with its captions and its still. */
export function playerOf(recording: Media, label: string, context: RecordingContext): Element {
  const { media, texts, language } = context
  const { captions, stills } = companionsOf(recording.name)
  const still = stills.flatMap((name) => media.get(name) ?? [])[0]
  const tracks = captions.flatMap(({ name, language: own }) => {
    const file = media.get(name)
    return file ? [{ src: file.src, language: own ?? language }] : []
  })
  const properties = {
    src: recording.src,
    controls: true,
    // A film without a still shows its first picture, for which its beginning has to be fetched.
    preload: kindOf(recording.name) === 'film' && !still ? 'metadata' : 'none',
    ariaLabel: label || texts.article.recording[kindOf(recording.name) === 'film' ? 'film' : 'sound'],
  }
  const children = tracks.map(({ src, language: srcLang }, index) =>
    element('track', {
      kind: 'captions',
      src,
      srcLang,
      label: texts.article.captions[srcLang],
      ...(index === 0 ? { default: true } : {}),
    }),
  )
  if (kindOf(recording.name) === 'sound') return element('audio', properties, children)
  const { width, height } = recording
  const look = { width, height, playsInline: true, ...(still ? { poster: still.src } : {}) }
  return element('video', { ...properties, ...look }, children)
}

/** Whether a film has captions for those who can't hear it (WCAG 2.2, 1.2.2). */
export const hasCaptions = (name: string, media: MediaLibrary): boolean =>
  companionsOf(name).captions.some((one) => media.has(one.name))
