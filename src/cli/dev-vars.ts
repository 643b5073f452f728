import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from './failure.ts'
import { readDevVars } from './target.ts'

const NAMES = ['MW_SECRET', 'MW_TOKEN'] as const

/** 32 random bytes, in letters that need no quoting anywhere. */
export const makeSecret = (): string => randomBytes(32).toString('base64url')

/** The token of the site on this machine, and the file that was made or added to; null when all was there. */
export interface DevVars {
  token: string
  made: string | null
}

/** Makes the secrets of the site on this machine on first use. What is in `.dev.vars` stays. */
export function ensureDevVars(project: string): DevVars {
  const file = join(project, '.dev.vars')
  const before = readDevVars(project)
  const missing = NAMES.filter((name) => !before[name])
  if (missing.length > 0) addLines(file, missing.map((name) => `${name}=${makeSecret()}\n`).join(''))
  return { token: readDevVars(project).MW_TOKEN ?? '', made: missing.length > 0 ? file : null }
}

function addLines(file: string, lines: string): void {
  try {
    writeFileSync(file, lines, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    appendFileSync(file, `\n${lines}`)
    chmodSync(file, 0o600)
  }
}
