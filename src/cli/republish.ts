import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as v from 'valibot'
import type { SiteClient } from './client.ts'
import { type ContentFolder, documentsOf, readContentFolder } from './content-folder.ts'
import { errorCode } from './failure.ts'
import { entryLines, publishFolder } from './publish-folder.ts'
import type { Entry } from './sync.ts'
import type { Terminal } from './terminal.ts'

const Memory = v.pipe(v.string(), v.parseJson(), v.array(v.string()))

/**
 * Publishes a folder again and again to the site on this machine. What is in the folder is on the site: a file
 * that is deleted, even while nobody was watching, takes its article off the site. What came onto the site in
 * another way stays; for that, the names that were ever seen in the folder are remembered beside the site's data.
 */
export class Republisher {
  readonly #dir: string
  readonly #client: SiteClient
  readonly #memory: string
  readonly #terminal: Terminal
  #folder: ContentFolder | undefined
  #said = new Set<string>()

  constructor(dir: string, client: SiteClient, memory: string, terminal: Terminal) {
    this.#dir = dir
    this.#client = client
    this.#memory = memory
    this.#terminal = terminal
  }

  /** Sends what changed and prints a line for each file; a refusal that was printed before is not repeated. */
  async publish(): Promise<Entry[]> {
    const folder = await readContentFolder(this.#dir, this.#terminal.texts, this.#folder)
    this.#folder = folder
    const seen = new Set([...readMemory(this.#memory), ...namesIn(folder)])
    writeMemory(this.#memory, seen)
    const said = new Set<string>()
    const sayOnce = (line: string, key = line) => {
      if (!this.#said.has(key)) this.#terminal.out(line)
      said.add(key)
    }
    const options = {
      isForced: false,
      isDryRun: false,
      prunes: (name: string) => seen.has(name),
      overwrites: new Set<string>(),
      onEntry: (entry: Entry) => this.#say(entry, folder, sayOnce),
      onUnpruned: (kind: string) => sayOnce(this.#terminal.texts.publish.notPruned(kind)),
      onKept: (id: string) => sayOnce(this.#terminal.texts.publish.kept(id)),
    }
    const entries = await publishFolder(folder, this.#client, options, this.#terminal)
    this.#said = said
    return entries
  }

  #say(entry: Entry, folder: ContentFolder, sayOnce: (line: string, key: string) => void): void {
    if (entry.outcome === 'unchanged') return
    const lines = entryLines(entry, this.#terminal)
    const stamp = entry.refusals.length > 0 ? stampOf(entry.file, folder) : undefined
    for (const line of lines) {
      if (stamp === undefined) this.#terminal.out(line)
      else sayOnce(line, `${line} ${stamp}`)
    }
  }
}

/** By which a file that was saved again differs from itself before. */
const stampOf = (file: string | null, folder: ContentFolder): string | undefined =>
  [...documentsOf(folder), ...folder.pictures].find((one) => one.file === file)?.stamp

const namesIn = (folder: ContentFolder): string[] => [
  ...documentsOf(folder).flatMap(({ kind, slug }) => (slug ? [`${kind}/${slug}`] : [])),
  ...folder.pictures.map(({ name }) => `media/${name}`),
]

function readMemory(file: string): string[] {
  try {
    const read = v.safeParse(Memory, readFileSync(file, 'utf8'))
    return read.success ? read.output : []
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

function writeMemory(file: string, names: ReadonlySet<string>): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify([...names].sort()))
}
