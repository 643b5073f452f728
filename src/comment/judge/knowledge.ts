import { logError } from '../../http/log.ts'
import type { Site } from '../../site/site.ts'
import { correctAkismet } from '../defence/correct.ts'
import { KNOWS_NOTHING, type Knowledge } from './judge.ts'
import {
  type Change,
  findToLearn,
  learnStatements,
  readBlocks,
  readModel,
  readNames,
  selectKnowledge,
} from './knowledge-store.ts'
import { COMMENTS_BUCKET, featuresOf } from './model.ts'
import { compilePatterns } from './pattern.ts'

/** How long an isolate judges by what it knows before it asks again, behind a response. */
const FRESH_MS = 60_000

let known: { knowledge: Knowledge; at: number } | null = null
let isAsking = false

/**
 * What the judge knows, from the isolate's memory: the first comment waits for it, every later one takes what is there. A
 * block holds at most a minute later in other isolates. Where D1 does not answer the judge knows nothing.
 */
export async function knowledgeOf(site: Site): Promise<Knowledge> {
  const age = known ? site.now.getTime() - known.at : Number.POSITIVE_INFINITY
  if (known && Math.abs(age) < FRESH_MS) return known.knowledge
  if (known) {
    if (!isAsking) site.defer(ask(site))
    return known.knowledge
  }
  await ask(site)
  return knowledgeIn(known)
}

const knowledgeIn = (one: { knowledge: Knowledge } | null): Knowledge => one?.knowledge ?? KNOWS_NOTHING

async function ask(site: Site): Promise<void> {
  isAsking = true
  try {
    const [blocks = [], model = [], names = []] = await site.query(selectKnowledge(site.env.DB))
    const found = readBlocks(blocks)
    const of = (kind: string) => found.filter((block) => block.kind === kind).map(({ value }) => value)
    const knowledge = {
      words: compilePatterns(of('word')),
      domains: new Set(of('domain')),
      emails: new Set(of('email')),
      connections: new Set(of('ip')),
      names: new Set(readNames(names)),
      model: readModel(model),
    }
    known = { knowledge, at: site.now.getTime() }
  } catch (error) {
    logError('knowledge-not-read', error)
  } finally {
    isAsking = false
  }
}

/** After this isolate changed it. */
export function forgetKnowledge(): void {
  known = null
}

/** Lets all who judge learn from what was decided about comments, behind the response. */
export async function learnFrom(ids: readonly number[], site: Site): Promise<void> {
  await Promise.all([teachModel(ids, site), correctAkismet(ids, site)])
}

/**
 * Lets the model learn from what was decided about comments; what was learned before is unlearned.
 * Each comment counts once, whatever is decided about it how often, by how many at once.
 */
async function teachModel(ids: readonly number[], site: Site): Promise<void> {
  try {
    const rows = await findToLearn(site.env.DB, ids)
    if (rows.length === 0) return
    const changes = rows.flatMap(({ id, wanted, learned, ...sample }): Change[] => {
      const delta = (label: 'good' | 'bad') => Number(wanted === label) - Number(learned === label)
      return [COMMENTS_BUCKET, ...featuresOf(sample)].map((bucket) => [
        id,
        bucket,
        delta('good'),
        delta('bad'),
      ])
    })
    const comments = rows.map(({ id, wanted, learned }) => [id, wanted, learned] as const)
    await site.env.DB.batch(learnStatements(site.env.DB, changes, comments))
    forgetKnowledge()
  } catch (error) {
    logError('not-learned', error)
  }
}
