import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import * as v from 'valibot'
import { SiteClient } from './client.ts'
import { mustBeFolder, readContentFolder } from './content-folder.ts'
import { chooseAccount, ensureResources } from './deploy-account.ts'
import { measureBundle } from './deploy-bundle.ts'
import { type DeployConfig, type Ids, readDeployConfig, writeDeployConfig } from './deploy-config.ts'
import { keptFile, listSecrets, planSecrets, readKept, type Secrets, writeKept } from './deploy-secrets.ts'
import { isHealthyWithin } from './dev-worker.ts'
import { type ExitCode, Failure } from './failure.ts'
import { settingsOf } from './inspect.ts'
import { printJson } from './print.ts'
import { countLine, countOutcomes, entryLines, hasFailed, publishFolder } from './publish-folder.ts'
import type { Entry } from './sync.ts'
import { PROJECT } from './target.ts'
import type { Terminal } from './terminal.ts'
import { mustRun, type RunWrangler, wranglerIn } from './wrangler.ts'

interface Options {
  dryRun?: true
  json?: true
}

/** What a deployment works with; tests bring a wrangler of their own. */
export interface DeployWorld {
  project: string
  env: Readonly<Record<string, string | undefined>>
  run: RunWrangler
  /** How long a new site may take until it answers. */
  patienceSeconds: number
}

/** `mw deploy [DIR]` — the site on Cloudflare: creates what is missing, migrates, deploys, publishes. */
export function deployCommand(program: Command, terminal: Terminal): void {
  const { deploy, option } = terminal.texts
  program
    .command('deploy')
    .summary(deploy.summary)
    .description(deploy.summary)
    .argument('[dir]', option.dir, 'content')
    .option('--dry-run', option.dryRun)
    .option('--json', option.json)
    .action(async (dir: string, options: Options) => {
      const world = { project: PROJECT, env: process.env, run: wranglerIn(PROJECT), patienceSeconds: 120 }
      process.exitCode = await runDeploy(dir, options, world, terminal)
    })
}

export async function runDeploy(
  dir: string,
  options: Options,
  world: DeployWorld,
  terminal: Terminal,
): Promise<ExitCode> {
  await mustBeFolder(dir, terminal.texts)
  const config = await readDeployConfig(world.project, terminal.texts)
  if (options.dryRun) return foretell(dir, config, options, world, terminal)
  const { step } = terminal.texts.deploy
  const done: string[] = []
  const say = (text: string) => {
    done.push(text)
    if (!options.json) terminal.out(`${terminal.paint('green', '✓')} ${text}`)
  }
  const run = await chooseAccount(
    world.run,
    world.env.CLOUDFLARE_ACCOUNT_ID ?? config.raw.account_id,
    terminal.texts,
  )
  const { ids, created } = await ensureResources(config, run, terminal.texts)
  for (const kind of created) say(step[kind](config.names[kind]))
  const secrets = await prepareSecrets(config, run, world, terminal)
  const url = await putOnline(dir, config, ids, secrets, run, say, terminal)
  const entries = await publish(dir, url, secrets.token, options, world, terminal)
  say(step.publish(dir))
  if (options.json) printJson({ url, steps: done, counts: countOutcomes(entries), items: entries }, terminal)
  else for (const line of [countLine(entries, terminal), terminal.texts.deploy.ready(url)]) terminal.out(line)
  return hasFailed(entries) ? 1 : 0
}

/** What would be done, and how large the Worker is. Needs no network and no account. */
async function foretell(
  dir: string,
  config: DeployConfig,
  { json }: Options,
  { run }: DeployWorld,
  terminal: Terminal,
): Promise<ExitCode> {
  const { deploy } = terminal.texts
  const { step } = deploy
  const { names, ids } = config
  const ifMissing = (text: string) => `${text} (${deploy.ifMissing})`
  const steps = [
    ...(ids.kv ? [] : [ifMissing(step.kv(names.kv))]),
    ...(ids.d1 ? [] : [ifMissing(step.d1(names.d1))]),
    ifMissing(step.r2(names.r2)),
    step.migrate,
    ifMissing(step.secrets('MW_SECRET, MW_TOKEN')),
    step.deploy(names.worker),
    step.publish(dir),
  ]
  const bundle = await measureBundle(config, run, terminal.texts)
  if (json) printJson({ dryRun: true, steps, bundle }, terminal)
  else {
    const kilobytes = (bundle.gzipBytes / 1000).toLocaleString(terminal.language, {
      maximumFractionDigits: 1,
    })
    terminal.out(deploy.plan)
    steps.forEach((text, index) => void terminal.out(`${String(index + 1).padStart(2)}. ${text}`))
    terminal.out(deploy.bundle(kilobytes))
  }
  return 0
}

/** Decides about the secrets and keeps them before they are sent: a run that is cut off loses none. */
async function prepareSecrets(
  { names }: DeployConfig,
  run: RunWrangler,
  { project, env }: DeployWorld,
  { texts }: Terminal,
): Promise<Secrets> {
  const kept = readKept(project, texts)
  const secrets = planSecrets(await listSecrets(names.worker, run, texts), kept, env, texts)
  if (Object.keys(secrets.toSet).length > 0) writeKept(project, { ...kept, ...secrets.toSet })
  return secrets
}

const Deployed = v.looseObject({ type: v.literal('deploy'), targets: v.array(v.string()) })

/** Migrates the database, then uploads the Worker together with its secrets; returns its address. */
async function putOnline(
  dir: string,
  config: DeployConfig,
  ids: Ids,
  { toSet }: Secrets,
  run: RunWrangler,
  say: (text: string) => void,
  { texts, err }: Terminal,
): Promise<string> {
  const { step } = texts.deploy
  const file = writeDeployConfig(config, ids, join(config.project, '.wrangler/deploy.json'))
  await mustRun(run, ['d1', 'migrations', 'apply', 'DB', '--remote', '--config', file], texts)
  say(step.migrate)
  const report = await upload(file, toSet, run, texts)
  if (Object.keys(toSet).length > 0) {
    say(step.secrets(Object.keys(toSet).join(', ')))
    err(texts.deploy.secretsKept(keptFile(config.project)))
  }
  say(step.deploy(config.names.worker))
  const targets = report.flatMap((line) => (v.is(Deployed, line) ? line.targets : []))
  const url = addressIn(targets) ?? settingsOf(await readContentFolder(dir, texts))?.url
  if (!url) throw new Failure(texts.deploy.noUrl)
  writeKept(config.project, { ...readKept(config.project, texts), url })
  return url
}

async function upload(
  config: string,
  secrets: Secrets['toSet'],
  run: RunWrangler,
  texts: Terminal['texts'],
): Promise<unknown[]> {
  const deploy = ['deploy', '--config', config]
  if (Object.keys(secrets).length === 0) return (await mustRun(run, deploy, texts)).report
  const folder = mkdtempSync(join(tmpdir(), 'mw-secrets-')) // for the owner's eyes only
  try {
    const file = join(folder, 'secrets.json')
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
    return (await mustRun(run, [...deploy, '--secrets-file', file], texts)).report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The address among a deployment's targets: `https://mw.example.workers.dev`, or `example.de (custom domain)`. */
function addressIn(targets: readonly string[]): string | undefined {
  const address = targets.find((target) => /^https?:\/\/[^\s/]+\/?$/.test(target))
  const domain = targets.find((target) => target.endsWith(' (custom domain)'))?.split(' ')[0]
  return address ? new URL(address).origin : domain && `https://${domain}`
}

async function publish(
  dir: string,
  url: string,
  token: string | null,
  { json }: Options,
  { project, patienceSeconds }: DeployWorld,
  terminal: Terminal,
): Promise<Entry[]> {
  const { deploy } = terminal.texts
  if (token === null) throw new Failure(deploy.lostSecrets(keptFile(project)))
  if (!(await isHealthyWithin(patienceSeconds, url))) throw new Failure(deploy.notReady(url))
  const options = {
    isForced: false,
    isDryRun: false,
    prunes: () => false,
    overwrites: new Set<string>(),
    onUnpruned: () => {},
    onKept: () => {},
    onEntry: (entry: Entry) => {
      if (json || entry.outcome === 'unchanged') return
      for (const line of entryLines(entry, terminal)) terminal.out(line)
    },
  }
  const folder = await readContentFolder(dir, terminal.texts)
  return publishFolder(folder, new SiteClient({ url, token }, terminal.texts), options, terminal)
}
