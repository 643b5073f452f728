import { describe, expect, test } from 'vitest'
import { readContentFolder } from '../../src/cli/content-folder.ts'
import { inspect, settingsOf } from '../../src/cli/inspect.ts'
import { type Published, planSync, type SyncOptions } from '../../src/cli/sync-plan.ts'
import { de } from '../../src/locale/cli/de.ts'
import { digest } from '../../src/publish/digest.ts'
import type { Kind, Listed } from '../../src/publish/wire.ts'
import { articleFile, type Files, folder, put, SITE_YAML } from '../support/cli.ts'
import { SVG, slug } from '../support/fixture.ts'

const A = 'articles/2026-01-15-a.md'
const B = 'articles/2026-01-16-b.md'
const OPTIONS: SyncOptions = {
  isForced: false,
  prunes: () => true,
  overwrites: new Set(),
  socials: new Map(),
}
const NOTHING: Published = {
  documents: { articles: [], pages: [], ads: [], authors: [], site: [] },
  deletedAds: new Set(),
  media: [],
}

async function read(dir: string) {
  const content = await readContentFolder(dir, de)
  return { content, inspection: inspect(content, { language: 'de', texts: de }) }
}

/** What a site holds once it has taken everything in a folder. */
async function published(dir: string): Promise<Published> {
  const { content, inspection } = await read(dir)
  const documents: Record<Kind, Listed[]> = { articles: [], pages: [], ads: [], authors: [], site: [] }
  for (const { file, draft } of inspection.documents) {
    const hash = await digest(file.kind, draft, {
      settings: settingsOf(content),
      authors: inspection.authors,
    })
    documents[file.kind].push({ slug: draft.slug, hash, revision: 3, media: {} })
  }
  const media = content.pictures.flatMap(({ media }) =>
    media ? [{ name: media.name, hash: media.hash }] : [],
  )
  return { documents, deletedAds: new Set(), media }
}

/** A plan as lines: `created articles/a`. */
async function plan(dir: string, on: Published, options: Partial<SyncOptions> = {}) {
  const { content, inspection } = await read(dir)
  const made = await planSync(content, inspection, on, { ...OPTIONS, ...options })
  return {
    lines: [
      ...made.pictures.map(({ picture, change }) => `${change} media/${picture.name}`),
      ...made.documents.map(
        ({ document, change }) => `${change} ${document.file.kind}/${document.draft.slug}`,
      ),
      ...made.deletions.map(({ kind, name }) => `deleted ${kind}/${name}`),
    ],
    unpruned: made.unpruned,
    bases: made.documents.map(({ base }) => base),
  }
}

const newsroom = (more: Files = {}) =>
  folder({
    'site.yaml': SITE_YAML,
    'pages/impressum.md': '---\ntitle: Impressum\n---\n\nText.\n',
    'media/bild.svg': SVG,
    [A]: articleFile('A'),
    [B]: articleFile('B'),
    ...more,
  })

describe('what is sent', () => {
  test('is everything to an empty site: pictures first, settings before what depends on them', async () => {
    expect((await plan(newsroom(), NOTHING)).lines).toEqual([
      'created media/bild.svg',
      'created site/site',
      'created pages/impressum',
      'created articles/a',
      'created articles/b',
    ])
  })

  test('is nothing when the site has it all', async () => {
    const dir = newsroom()
    const { lines } = await plan(dir, await published(dir))
    expect(lines.filter((line) => !line.startsWith('unchanged'))).toEqual([])
    expect(lines).toHaveLength(5)
  })

  test('is the one article that was saved, based on the revision the site has', async () => {
    const dir = newsroom()
    const on = await published(dir)
    put(dir, { [B]: articleFile('B', {}, 'Neuer Text.') })
    const { lines, bases } = await plan(dir, on)
    expect(lines.filter((line) => !line.startsWith('unchanged'))).toEqual(['updated articles/b'])
    expect(bases).toEqual([3, 3, 3, 3])
  })

  test('is not an article that was saved with other line ends', async () => {
    const dir = newsroom()
    const on = await published(dir)
    put(dir, { [B]: articleFile('B').replaceAll('\n', '\r\n') })
    expect((await plan(dir, on)).lines).toContain('unchanged articles/b')
  })

  test('is every article when the language of the site changes', async () => {
    const dir = newsroom()
    const on = await published(dir)
    put(dir, { 'site.yaml': `${SITE_YAML}language: en\n` })
    expect((await plan(dir, on)).lines).toEqual([
      'unchanged media/bild.svg',
      'updated site/site',
      'updated pages/impressum',
      'updated articles/a',
      'updated articles/b',
    ])
  })

  test('is a picture with other bytes, and the articles that show it', async () => {
    const dir = newsroom({ [A]: articleFile('A', { image: '{src: bild.svg, alt: Ein Bild}' }) })
    const on = await published(dir)
    const shown = on.documents.articles.map((one) =>
      one.slug === 'a' ? { ...one, media: { 'bild.svg': on.media[0]?.hash ?? '' } } : one,
    )
    put(dir, { 'media/bild.svg': SVG.replace('#c8321f', '#000000') })
    const { lines } = await plan(dir, { ...on, documents: { ...on.documents, articles: shown } })
    expect(lines.filter((line) => !line.startsWith('unchanged'))).toEqual([
      'updated media/bild.svg',
      'updated articles/a',
    ])
  })

  test('is everything again when forced', async () => {
    const dir = newsroom()
    const { lines } = await plan(dir, await published(dir), { isForced: true })
    expect(lines.every((line) => line.startsWith('updated'))).toBe(true)
  })
})

describe('what is deleted', () => {
  const extra = (name: string): Listed => ({ slug: slug(name), hash: 'x', revision: 1, media: {} })
  const withExtras = async (dir: string): Promise<Published> => {
    const on = await published(dir)
    const articles = [...on.documents.articles, extra('alt')]
    const pages = [...on.documents.pages, extra('alte-seite')]
    return {
      deletedAds: on.deletedAds,
      documents: { ...on.documents, articles, pages },
      media: [...on.media, { name: 'alt.svg', hash: 'x' }],
    }
  }
  const deleted = ({ lines }: { lines: string[] }) => lines.filter((line) => line.startsWith('deleted'))

  test('is what is not in the folder: articles before the pictures they show', async () => {
    const dir = newsroom()
    expect(deleted(await plan(dir, await withExtras(dir)))).toEqual([
      'deleted articles/alt',
      'deleted pages/alte-seite',
      'deleted media/alt.svg',
    ])
  })

  test('is nothing that nobody asked to prune', async () => {
    const dir = newsroom()
    expect(deleted(await plan(dir, await withExtras(dir), { prunes: () => false }))).toEqual([])
    expect(
      deleted(await plan(dir, await withExtras(dir), { prunes: (name) => name === 'articles/alt' })),
    ).toEqual(['deleted articles/alt'])
  })

  test('is no article that is there and merely broken', async () => {
    const dir = newsroom()
    const on = await published(dir)
    put(dir, { [B]: articleFile('B', { section: 'gibt-es-nicht' }) })
    expect(deleted(await plan(dir, on))).toEqual([])
  })

  test('is no article while one is unreadable, because that might be it', async () => {
    const dir = newsroom({ 'articles/2026-01-17-kaputt.md': 'kein Kopf' })
    const { unpruned, ...rest } = await plan(dir, await withExtras(dir))
    expect(unpruned).toEqual(['articles'])
    expect(deleted(rest)).toEqual(['deleted pages/alte-seite', 'deleted media/alt.svg'])
  })

  test('is never the settings', async () => {
    const dir = newsroom()
    const on = await published(dir)
    expect(deleted(await plan(folder({ ...{ [A]: articleFile('A') } }), on))).not.toContain(
      'deleted site/site',
    )
  })
})

describe('a folder that is read again', () => {
  test('reads only what was saved since', async () => {
    const dir = newsroom()
    const before = await readContentFolder(dir, de)
    put(dir, { [B]: articleFile('B', {}, 'Neuer Text.') })
    const after = await readContentFolder(dir, de, before)
    expect(after.articles[0]).toBe(before.articles[0])
    expect(after.articles[1]).not.toBe(before.articles[1])
  })

  test('knows a file that can’t be taken apart any more by the address it had', async () => {
    const dir = newsroom({ [A]: articleFile('A', { slug: 'eigener-name' }) })
    const before = await readContentFolder(dir, de)
    put(dir, { [A]: 'kein Kopf mehr' })
    const after = await readContentFolder(dir, de, before)
    expect(after.articles.map((file) => file.slug)).toEqual(['eigener-name', 'b'])
    expect(after.articles[0]?.refusals).toHaveLength(1)
  })
})
