import * as v from 'valibot'
import { FrontMatter } from '../article/article.ts'
import type { Slug } from '../article/slug.ts'
import { SOCIAL_SIZE, socialHash, socialName, socialText } from '../article/social.ts'
import type { SettingsSource } from '../site/settings.ts'
import type { ContentFolder } from './content-folder.ts'
import type { PictureFile } from './picture.ts'
import { drawable } from './typeface.ts'

/**
 * The social pictures that a folder's articles should have, by article; nothing is drawn yet. None where the site
 * wants none, where a picture of that name lies in the folder, and for a headline that the face has no letters for.
 */
export async function socialPictures(
  folder: ContentFolder,
  settings: SettingsSource | null,
): Promise<Map<Slug, PictureFile>> {
  const found = new Map<Slug, PictureFile>()
  if (!settings || settings.social === 'none') return found
  const own = new Set(folder.pictures.map(({ name }) => name))
  for (const { slug, source, file } of folder.articles) {
    const front = v.safeParse(FrontMatter, source?.frontMatter)
    const name = slug && socialName(slug)
    if (!slug || !name || !front.success || own.has(name) || !drawable(front.output.title)) continue
    const text = socialText(front.output, settings)
    const hash = await socialHash(text)
    const media = { name, hash, ...SOCIAL_SIZE, widths: [], src: `/media/${hash}.png` }
    found.set(slug, { file, name, media, refusals: [], stamp: '', social: text })
  }
  return found
}
