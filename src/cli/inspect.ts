import type { MediaLibrary } from '../article/media.ts'
import { type RenderContext, renderArticle } from '../article/render.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import { textsOf } from '../locale/locale.ts'
import { renderDocument } from '../publish/documents.ts'
import { type Issue, parse } from '../publish/issue.ts'
import { sayIssue } from '../publish/say.ts'
import type { Draft } from '../publish/wire.ts'
import { MAX_REQUEST_BYTES } from '../publish/wire.ts'
import { emptySettings, SettingsSource } from '../site/settings.ts'
import { type ContentFolder, type DocumentFile, documentsOf } from './content-folder.ts'
import { authorsOf, clashingAliases, unknownPins } from './inspect-references.ts'
import { lineOfIssue, type Refusal } from './refusal.ts'
import type { Source } from './source.ts'
import type { Language } from './terminal.ts'
import { brokenTranslations } from './translations.ts'

/** A document that the site will take, and the file it comes from. */
export class ReadyDocument {
  readonly file: DocumentFile
  readonly slug: Draft['slug']
  readonly #source: Source

  constructor(file: DocumentFile, slug: Draft['slug'], source: Source) {
    this.file = file
    this.slug = slug
    this.#source = source
  }

  /** What is sent of it; read from the disk whenever it is asked for. */
  get draft(): Draft {
    return toDraft(this.slug, this.#source)
  }
}

/** What a content folder amounts to: what can be published, and why the rest can't. */
export interface Inspection {
  /** The settings the documents were checked against; null when there are none. */
  settings: SettingsSource | null
  media: MediaLibrary
  authors: RenderContext['authors']
  documents: ReadyDocument[]
  refusals: Refusal[]
  /** Files that the site has taken as they are. */
  known: ReadonlySet<DocumentFile>
  /** What can be published, but might be better. */
  warnings: Refusal[]
}

export interface Inspector {
  language: Language
  texts: CliTexts
  /** Settings to check against while `site.yaml` is broken: those of the running site. */
  published?: SettingsSource | null
  /** Files that the site has taken as they are, and so need not be judged again. */
  known?: ReadonlySet<DocumentFile>
}

/** Checks a folder's documents by the very rules of the site. */
export function inspect(folder: ContentFolder, inspector: Inspector): Inspection {
  const media = new Map(folder.pictures.flatMap(({ media }) => (media ? [[media.name, media]] : [])))
  const settings = settingsOf(folder) ?? inspector.published ?? null
  const context: RenderContext = {
    settings: settings ?? emptySettings,
    media,
    authors: authorsOf(folder),
    texts: textsOf(inspector.language),
  }
  const documents: ReadyDocument[] = []
  const warnings: Refusal[] = []
  const known = inspector.known ?? new Set()
  const refusals = folder.pictures.flatMap((picture) => picture.refusals)
  const taken = takenSlugs(folder, inspector.texts)
  const aliases = clashingAliases(folder, context)
  const pins = unknownPins(folder, settings, context)
  const translations = brokenTranslations(folder, context)
  const key = JSON.stringify([
    context.settings,
    settings === null,
    [...media.keys()],
    context.authors,
    inspector.language,
  ])
  for (const file of documentsOf(folder)) {
    const judgement = known.has(file)
      ? { refusals: [], warnings: [] }
      : judgeOnce(file, context, key, settings, inspector.texts)
    warnings.push(...judgement.warnings)
    const found = [
      ...(taken.get(file) ?? []),
      ...(aliases.get(file) ?? []),
      ...(pins.get(file) ?? []),
      ...(translations.get(file) ?? []),
      ...file.refusals,
      ...judgement.refusals,
    ]
    if (found.length > 0) refusals.push(...found)
    else if (file.source && file.slug) documents.push(new ReadyDocument(file, file.slug, file.source))
  }
  return { settings, media, authors: context.authors, documents, refusals, known, warnings }
}

/** The settings of a folder; null when it has none that are valid. */
export function settingsOf({ site }: ContentFolder): SettingsSource | null {
  const parsed = parse(SettingsSource, site.source?.frontMatter)
  return parsed.ok ? parsed.value : null
}

const toDraft = (
  slug: Draft['slug'],
  { frontMatter, body }: { frontMatter: Draft['frontMatter']; body: string },
): Draft => ({
  slug,
  frontMatter,
  body,
})

/** A file that is as it was is judged as it was; only the names of pictures matter, not their bytes. */
interface Judgement {
  refusals: Refusal[]
  warnings: Refusal[]
}

const judged = new WeakMap<DocumentFile, Judgement & { key: string }>()

function judgeOnce(
  file: DocumentFile,
  context: RenderContext,
  key: string,
  settings: SettingsSource | null,
  texts: CliTexts,
): Judgement {
  const known = judged.get(file)
  if (known?.key === key) return known
  const judgement = judge(file, context, settings !== null, texts)
  judged.set(file, { key, ...judgement })
  return judgement
}

function judge(
  { kind, file, slug, source }: DocumentFile,
  context: RenderContext,
  hasSettings: boolean,
  texts: CliTexts,
): Judgement {
  if (!source || !slug) return { refusals: [], warnings: [] }
  const draft = toDraft(slug, source)
  const rendered =
    kind === 'articles' ? renderArticle(slug, source, context) : renderDocument(KIND[kind], draft, context)
  const say = (issues: readonly Issue[]): Refusal[] =>
    issues
      .map((issue) => ({
        file,
        line: lineOfIssue(issue, source),
        key: issue.key,
        message: sayIssue(issue, context.texts),
      }))
      .sort((a, b) => a.line - b.line)
  if (!rendered.ok)
    return {
      refusals: say(rendered.issues.filter((issue) => hasSettings || !isAboutSections(issue))),
      warnings: [],
    }
  const warnings = 'warnings' in rendered.value ? say(rendered.value.warnings) : []
  const message = texts.fault.documentSize(MEGABYTES)
  return { refusals: isTooLarge(draft) ? [{ file, line: 1, key: '', message }] : [], warnings }
}

const KIND = { pages: 'page', ads: 'ad', authors: 'author', site: 'site' } as const
const MEGABYTES = MAX_REQUEST_BYTES / 1024 / 1024

/** Without settings nobody can say which sections there are. */
const isAboutSections = ({ key, code }: Issue) => key === 'section' && code === 'unknown-value'

const isTooLarge = (draft: Draft) =>
  Buffer.byteLength(JSON.stringify({ items: [draft] })) > MAX_REQUEST_BYTES - 1024

/** Files whose address another one has: of two articles the first by name keeps it, a page always does. */
function takenSlugs(
  { pages, ads, authors, articles }: ContentFolder,
  texts: CliTexts,
): Map<DocumentFile, Refusal[]> {
  const taken = new Map<DocumentFile, Refusal[]>()
  const pageOf = new Map(pages.map((page) => [page.slug, page.file]))
  for (const files of [pages, ads, authors, articles]) {
    const owners = new Map<string, string>()
    for (const file of files) {
      if (!file.slug) continue
      const page = files === articles ? pageOf.get(file.slug) : undefined
      const owner = owners.get(file.slug)
      if (page) taken.set(file, [refuseSlug(file, texts.fault.takenByPage(file.slug, page))])
      else if (owner) taken.set(file, [refuseSlug(file, texts.fault.duplicate(file.slug, owner))])
      else owners.set(file.slug, file.file)
    }
  }
  return taken
}

const refuseSlug = ({ file, source }: DocumentFile, message: string): Refusal => ({
  file,
  line: source?.lineOfKey('slug') ?? 1,
  key: 'slug',
  message,
})
