import type { Command } from 'commander'
import * as v from 'valibot'
import { parseSlug } from '../article/slug.ts'
import type { ListedAd, SiteClient } from './client.ts'
import { type ExitCode, Failure, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { table } from './table.ts'
import { LOCAL_URL, openSite } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

interface Options {
  to: string
  json?: true
}

/** What changes the state of a campaign: to which one, and from which it makes sense. */
const MOVES = {
  pause: { to: 'paused', from: ['ready'] },
  resume: { to: 'ready', from: ['paused'] },
} as const
type Move = keyof typeof MOVES

/** `mw ads list`, `mw ads forecast`, `mw ads pause` and `mw ads resume`. */
export function campaignCommands(group: Command, terminal: Terminal): void {
  const { ads, option } = terminal.texts
  const add = (name: string, summary: string) =>
    group
      .command(name)
      .summary(summary)
      .description(summary)
      .option('--to <url>', option.to, LOCAL_URL)
      .option('--json', option.json)
  add('list', ads.list).action(async (options: Options) => {
    process.exitCode = await listAds(openSite(options.to, terminal), options, terminal)
  })
  add('forecast', ads.forecast).action(async (options: Options) => {
    process.exitCode = await forecastAds(openSite(options.to, terminal), options, terminal)
  })
  for (const move of ['pause', 'resume'] as const)
    add(move, ads[move])
      .argument('<id>', ads.id)
      .action(async (id: string, options: Options) => {
        process.exitCode = await moveAd(openSite(options.to, terminal), move, id, options, terminal)
      })
}

async function listAds(client: SiteClient, options: Options, terminal: Terminal): Promise<ExitCode> {
  const { ads } = terminal.texts
  const items: ListedAd[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: Awaited<ReturnType<typeof client.listCampaigns>> = await client.listCampaigns(after)
    items.push(...page.items)
    after = page.next
  }
  if (options.json) printJson({ to: client.target.url, items }, terminal)
  else if (items.length === 0) terminal.out(ads.noCampaigns)
  else {
    const day = (moment: string | null | undefined) => moment?.slice(0, 10) ?? '–'
    const rows = items.map(({ id, name, advertiser, phase, start, end }) => [
      id,
      phase ? ads.phases[phase] : '?',
      day(start),
      day(end),
      printable(advertiser ?? ''),
      printable(name),
    ])
    for (const line of table(rows, Array(6).fill('left'))) terminal.out(line)
  }
  return 0
}

/** What is likely to become of what was sold, and the days for which too much was. */
async function forecastAds(client: SiteClient, options: Options, terminal: Terminal): Promise<ExitCode> {
  const { ads } = terminal.texts
  const { campaigns, conflicts, room } = await client.adsForecast()
  if (options.json) {
    printJson({ to: client.target.url, campaigns, conflicts, room }, terminal)
    return 0
  }
  const amounts = ({ views, clicks }: { views?: number | undefined; clicks?: number | undefined }) =>
    [views, clicks].map((n) => (n === undefined ? '–' : String(n))).join(' / ')
  const rows = campaigns.map(({ id, budget, counted, forecast }) => [
    id,
    amounts(budget),
    amounts(counted),
    ads.standing[forecast.reason],
    forecast.reachedOn ?? '–',
  ])
  if (rows.length === 0) terminal.out(ads.noneSold)
  else
    for (const line of table([Object.values(ads.standingColumns), ...rows], Array(5).fill('left')))
      terminal.out(line)
  for (const { day, campaigns, sold, available } of conflicts)
    terminal.out(ads.tight(day, campaigns.join(', '), String(sold), String(available)))
  if (conflicts.length === 0 && room.some(({ shelves }) => shelves.length > 0)) terminal.out(ads.roomForAll)
  return 0
}

async function moveAd(
  client: SiteClient,
  move: Move,
  id: string,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const { ads, wrongUse } = terminal.texts
  const slug = parseSlug(id)
  if (!slug) throw new WrongUse(wrongUse.campaign(id))
  const found = await client.findAd(slug)
  if (!found) throw new Failure(ads.notFound(id))
  const { revision, body } = found
  const { state = 'ready', ...rest } = v.parse(v.record(v.string(), v.unknown()), found.frontMatter)
  const { to, from } = MOVES[move]
  if (state !== to) {
    if (!from.some((one) => one === state)) throw new Failure(ads.notMoved[move](id))
    // `ready` is what a campaign is that says nothing: so it is again what its file says.
    const frontMatter = to === 'ready' ? rest : { ...rest, state: to }
    // As at the desk: the campaign's file does not know of it.
    const draft = { slug, frontMatter, body, base: revision, origin: 'desk' as const }
    const [outcome] = (await client.publish('ads', [draft], id)) ?? []
    if (outcome?.outcome === 'conflict') throw new Failure(ads.overtaken(id))
    if (outcome?.outcome === 'refused')
      throw new Failure(outcome.issues.map(({ key, detail }) => `${id}: ${key}: ${detail}`).join('\n'))
    if (!outcome) throw new Failure(ads.notFound(id))
  }
  if (options.json) printJson({ to: client.target.url, id, state: to }, terminal)
  else terminal.out(ads.moved[move](id))
  return 0
}
