import * as v from 'valibot'
import type { Author } from '../article/article.ts'
import type { RenderContext } from '../article/render.ts'
import { closest, type Issue } from '../publish/issue.ts'
import { sayIssue } from '../publish/say.ts'
import { aliasKey } from '../site/address.ts'
import type { SettingsSource } from '../site/settings.ts'
import type { ContentFolder, DocumentFile } from './content-folder.ts'
import { lineOfIssue, type Refusal } from './refusal.ts'

/** What one file of a folder says about another: whom it names as author, which old addresses it claims, what it pins. */

const Named = v.object({ name: v.string() })
const Aliased = v.object({ aliases: v.array(v.pipe(v.string(), v.startsWith('/'))) })

/** The authors a folder has, as far as their files can be read. */
export const authorsOf = ({ authors }: ContentFolder): Author[] =>
  authors.flatMap(({ slug, source }) => {
    const named = v.safeParse(Named, source?.frontMatter)
    return slug && named.success ? [{ slug, name: named.output.name }] : []
  })

/** Old addresses that another article claims, too, or at which something is. The first file by name keeps its claim. */
export function clashingAliases(
  { articles, pages }: ContentFolder,
  context: RenderContext,
): Map<DocumentFile, Refusal[]> {
  const owners = new Map([...pages, ...articles].map(({ slug }) => [`/${slug}/`, `/${slug}/`]))
  const found = new Map<DocumentFile, Refusal[]>()
  for (const file of articles) {
    const named = v.safeParse(Aliased, file.source?.frontMatter)
    if (!named.success) continue
    for (const [index, path] of named.output.aliases.entries()) {
      const key = aliasKey(path)
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, `/${file.slug}/`)
      else if (owner !== `/${file.slug}/`) {
        const issue = { key: `aliases.${index}`, code: 'alias-taken', got: `${path} → ${owner}` } as const
        found.set(file, [...(found.get(file) ?? []), refuse(file, issue, context)])
      }
    }
  }
  return found
}

/** Articles that the front page should lead with, but that are not in the folder. */
export function unknownPins(
  { articles, site }: ContentFolder,
  settings: SettingsSource | null,
  context: RenderContext,
): Map<DocumentFile, Refusal[]> {
  const slugs = articles.flatMap(({ slug }) => slug ?? [])
  const refusals = (settings?.front ?? []).flatMap(({ slug }, index) => {
    if (slugs.includes(slug)) return []
    const nearest = closest(slug, slugs)
    const issue: Issue = { key: `front.${index}.slug`, code: 'unknown-value', got: slug, expected: 'article' }
    return [refuse(site, nearest ? { ...issue, nearest } : issue, context)]
  })
  return new Map(refusals.length > 0 ? [[site, refusals]] : [])
}

/** What is wrong with a file, as a line of output. */
export const refuse = (file: DocumentFile, issue: Issue, { texts }: RenderContext): Refusal => ({
  file: file.file,
  line: file.source ? lineOfIssue(issue, file.source) : 1,
  key: issue.key,
  message: sayIssue(issue, texts),
})
