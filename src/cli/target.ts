import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import * as v from 'valibot'
import type { CliTexts } from '../locale/cli/de.ts'
import { SiteClient, type Target } from './client.ts'
import { errorCode, Failure, WrongUse } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** The checkout: where `wrangler.toml` and the secrets are. `MW_PROJECT` names another than this command line's own. */
export const PROJECT = process.env.MW_PROJECT || join(import.meta.dirname, '../..')

export const LOCAL_URL = 'http://127.0.0.1:8787'

/** A client for the site that `--to` names. */
export const openSite = (to: string, { texts }: Pick<Terminal, 'texts'>): SiteClient =>
  new SiteClient(findTarget(to, process.env, PROJECT, texts), texts)

/**
 * Finds the token for a site: `MW_TOKEN`, else what `mw dev` made for this machine (`.dev.vars`) or
 * `mw deploy` for the site it deployed (`.deploy.json`).
 */
export function findTarget(
  to: string,
  env: Readonly<Record<string, string | undefined>>,
  project: string,
  texts: CliTexts,
): Target {
  const url = parseUrl(to, texts)
  const token =
    env.MW_TOKEN || (isThisMachine(url) ? readDevVars(project).MW_TOKEN : tokenOfDeployed(url, project))
  if (!token) throw new Failure(texts.site.noToken(url))
  if (!/^[\w\-.~+/]+=*$/.test(token)) throw new Failure(texts.site.badToken)
  return { url, token }
}

function parseUrl(to: string, texts: CliTexts): string {
  const url = URL.canParse(to) ? new URL(to) : null
  const isSite =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (!isSite) throw new WrongUse(texts.wrongUse.url(to))
  return url.origin
}

const isThisMachine = (url: string) => /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(new URL(url).hostname)

/** The secrets of the site on this machine; none before `mw dev` made them. */
export const readDevVars = (project: string): Partial<Record<string, string>> =>
  parseEnv(readText(join(project, '.dev.vars')))

const Deployed = v.pipe(v.string(), v.parseJson(), v.object({ url: v.string(), MW_TOKEN: v.string() }))

function tokenOfDeployed(url: string, project: string): string | undefined {
  const deployed = v.safeParse(Deployed, readText(join(project, '.deploy.json')))
  return deployed.success && deployed.output.url === url ? deployed.output.MW_TOKEN : undefined
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  }
}
