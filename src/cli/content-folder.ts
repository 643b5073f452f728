import { readFileSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { slugOfFile } from '../article/render.ts'
import { parseSlug, type Slug, slugify } from '../article/slug.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import { type Kind, SITE_SLUG } from '../publish/wire.ts'
import { errorCode, Failure } from './failure.ts'
import { type PictureFile, readPicture } from './picture.ts'
import type { Refusal } from './refusal.ts'
import { bodyOfMarkdown, type ReadSource, readMarkdown, readYaml, type Source } from './source.ts'

/** A file that becomes a document, as read; what it says is checked later (see `inspect.ts`). */
export interface DocumentFile {
  kind: Kind
  /** The path as a person would write it: `content/articles/x.md`. */
  file: string
  /** Its address; null when none can be made of its name or found inside. */
  slug: Slug | null
  /** What it says; null when it can't be taken apart. */
  source: Source | null
  refusals: Refusal[]
  stamp: string
}

/** A content folder as read: everything in it, good or not. */
export interface ContentFolder {
  dir: string
  site: DocumentFile
  pages: DocumentFile[]
  ads: DocumentFile[]
  authors: DocumentFile[]
  articles: DocumentFile[]
  pictures: PictureFile[]
}

/**
 * Reads a content folder.
 * @param known the folder as read before: a file that has not changed since is not read again
 */
export async function readContentFolder(
  dir: string,
  texts: CliTexts,
  known?: ContentFolder,
): Promise<ContentFolder> {
  await mustBeFolder(dir, texts)
  const before = new Map(known ? documentsOf(known).map((file) => [file.file, file]) : [])
  const read = (kind: Kind, ending: string) => async (file: string) =>
    readDocument(kind, file, ending, texts, before.get(file))
  const [pages, ads, authors, articles] = await Promise.all([
    eachFile(join(dir, 'pages'), read('pages', '.md')),
    eachFile(join(dir, 'ads'), read('ads', '.yaml')),
    eachFile(join(dir, 'authors'), read('authors', '.yaml')),
    eachFile(join(dir, 'articles'), read('articles', '.md')),
  ])
  const pictures = await eachFile(join(dir, 'media'), (file) =>
    readPicture(
      file,
      texts,
      known?.pictures.find((picture) => picture.file === file),
    ),
  )
  const site = await readDocument(
    'site',
    join(dir, 'site.yaml'),
    '.yaml',
    texts,
    before.get(join(dir, 'site.yaml')),
  )
  return { dir, site: site ?? missingSite(dir, texts), pages, ads, authors, articles, pictures }
}

/** Every file of a folder that becomes a document, in the order in which they are published. */
export const documentsOf = ({ site, authors, pages, ads, articles }: ContentFolder): DocumentFile[] => [
  site,
  ...authors,
  ...pages,
  ...ads,
  ...articles,
]

/** Refuses a folder that is not there or is none. */
export async function mustBeFolder(dir: string, texts: CliTexts): Promise<void> {
  const found = await stat(dir).catch((error: unknown) => errorCode(error))
  if (typeof found === 'string') {
    throw new Failure(found === 'ENOENT' ? texts.folder.missing(dir) : texts.folder.unreadable(dir, found))
  }
  if (!found.isDirectory()) throw new Failure(texts.folder.notAFolder(dir))
}

/** Reads the files of a folder and the folders inside it, by name; hidden files are somebody else's. */
async function eachFile<T>(dir: string, read: (file: string) => Promise<T | null>): Promise<T[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  const files = entries
    .filter(
      (entry) =>
        !entry.isDirectory() && !/(?:^|\/)\./.test(join(entry.parentPath, entry.name).slice(dir.length)),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const found: T[] = []
  for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
    const some = await Promise.all(files.slice(at, at + FILES_AT_ONCE).map(read))
    found.push(...some.filter((one) => one !== null))
  }
  return found
}

const FILES_AT_ONCE = 64

/** Reads one file; null when it went away meanwhile, or is none of ours (a README, an editor's backup). */
async function readDocument(
  kind: Kind,
  file: string,
  ending: string,
  texts: CliTexts,
  known?: DocumentFile,
): Promise<DocumentFile | null> {
  const mistaken = ending === '.md' ? /\.(?:markdown|mdx|MD)$/ : /\.(?:yml|json|YAML)$/
  if (mistaken.test(file))
    return {
      kind,
      file,
      slug: null,
      source: null,
      refusals: [refuse(file, texts.fault.ending(ending))],
      stamp: '',
    }
  if (!file.endsWith(ending)) return null
  const found = await stat(file, { bigint: true }).catch(() => null)
  if (!found?.isFile()) return null
  const stamp = `${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`
  if (known?.stamp === stamp) return known
  try {
    const bytes = await readFile(file)
    const read = ending === '.md' ? readMarkdown(bytes, texts) : readYaml(bytes, texts)
    const kept = read.ok && ending === '.md' ? { ...read, source: onDisk(file, read.source, texts) } : read
    return { kind, file, stamp, ...toDocument(kind, file, kept, texts, known?.slug ?? null) }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    return {
      kind,
      file,
      stamp,
      slug: null,
      source: null,
      refusals: [refuse(file, texts.folder.unreadable(basename(file), errorCode(error)))],
    }
  }
}

/**
 * A source of which only the front matter is kept in memory: of ten thousand articles nobody needs all texts at once.
 * The rest is read again when it is asked for.
 */
function onDisk(file: string, { frontMatter, bodyStart }: Source, texts: CliTexts): Source {
  return {
    frontMatter: structuredClone(frontMatter), // a copy, for parts of a text keep the whole of it
    bodyStart,
    get body() {
      return bodyOfMarkdown(readFileSync(file))
    },
    lineOfKey(key) {
      const read = readMarkdown(readFileSync(file), texts)
      return read.ok ? read.source.lineOfKey(key) : 1 // saved half meanwhile: the next look says what is wrong
    },
  }
}

function toDocument(
  kind: Kind,
  file: string,
  read: ReadSource,
  texts: CliTexts,
  before: Slug | null,
): Pick<DocumentFile, 'slug' | 'source' | 'refusals'> {
  // What can't be taken apart keeps the address it had, so that nobody takes its article for deleted.
  if (!read.ok) return { slug: before, source: null, refusals: [{ file, ...read.fault }] }
  const slug = slugOf(kind, file, read.source)
  const refusals = slug
    ? []
    : [{ file, line: 1, key: 'slug', message: texts.fault.fileName(proposeSlug(file, read.source)) }]
  return { slug, source: read.source, refusals }
}

function slugOf(kind: Kind, file: string, { frontMatter }: Source): Slug | null {
  if (kind === 'site') return parseSlug(SITE_SLUG)
  if (kind !== 'articles') return parseSlug(basename(file).replace(/\.\w+$/, ''))
  return (typeof frontMatter.slug === 'string' && parseSlug(frontMatter.slug)) || slugOfFile(basename(file))
}

/** An address that a file could have: of its name, or else of its headline. */
const proposeSlug = (file: string, { frontMatter: { title } }: Source): string =>
  slugify(basename(file).replace(/^\d{4}-\d\d-\d\d-|\.\w+$/g, '')) ||
  slugify(String(title ?? '')) ||
  'beispiel-name'

const refuse = (file: string, message: string): Refusal => ({ file, line: 1, key: '', message })

function missingSite(dir: string, texts: CliTexts): DocumentFile {
  const file = join(dir, 'site.yaml')
  return {
    kind: 'site',
    file,
    slug: null,
    source: null,
    refusals: [refuse(file, texts.fault.noSite)],
    stamp: '',
  }
}
