import { COUNTED, type Numbers } from '../ad/numbers.ts'
import { parseSlug } from '../article/slug.ts'
import { csv } from '../http/csv.ts'
import { NUMBERS, sayNumbers, sayRate } from './ad-figures.ts'
import type { CampaignReport } from './client.ts'
import { type ExitCode, Failure, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { table } from './table.ts'
import { openSite } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

interface Options {
  to: string
  json?: true
  csv?: true
}

/** `mw ads report <id>` — what a campaign has brought, by day, creative and placement. */
export async function reportCampaign(
  id: string,
  range: Record<string, string>,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const { ads, wrongUse } = terminal.texts
  if (!parseSlug(id)) throw new WrongUse(wrongUse.campaign(id))
  const client = openSite(options.to, terminal)
  const report = await client.adReport(id, range)
  if (!report) throw new Failure(ads.notFound(id))
  if (options.json) printJson({ to: client.target.url, report }, terminal)
  else if (options.csv) terminal.out(csv(report.sums.map(toCsvRow), CSV_COLUMNS))
  else if (report.sums.length === 0) terminal.out(ads.none)
  else for (const line of tablesOf(report, terminal)) terminal.out(line)
  return 0
}

/** The same names in every language: a script reads them. */
const CSV_COLUMNS = ['day', 'creative', 'placement', ...COUNTED] as const

const toCsvRow = (row: CampaignReport['sums'][number]) => CSV_COLUMNS.map((column) => row[column])

function tablesOf(report: CampaignReport, terminal: Terminal): string[] {
  const { ads } = terminal.texts
  const { day, creative, placement } = ads.column
  return [
    ...tableOf(
      day,
      [...report.days.map((row) => [row.day, row] as const), [ads.total, report.total]],
      terminal,
    ),
    '',
    ...tableOf(
      creative,
      report.creatives.map((row) => [row.creative || '–', row]),
      terminal,
    ),
    ...report.contests.map((contest) => sayContest(contest, terminal)),
    '',
    ...tableOf(
      placement,
      report.placements.map((row) => [row.placement || '–', row]),
      terminal,
    ),
  ]
}

function tableOf(name: string, rows: readonly (readonly [string, Numbers])[], terminal: Terminal): string[] {
  const { column } = terminal.texts.ads
  const [head = '', ...lines] = table(
    [
      [name, ...NUMBERS.map((number) => column[number])],
      ...rows.map(([label, row]) => [printable(label), ...sayNumbers(row, terminal)]),
    ],
    ['left', ...NUMBERS.map(() => 'right' as const)],
  )
  return [terminal.paint('bold', head), ...lines]
}

/** Which of some creatives is better, as far as it can be said. */
function sayContest(
  { verdict, best, creatives, chances }: CampaignReport['contests'][number],
  terminal: Terminal,
) {
  const { contest } = terminal.texts.ads
  const names = creatives.map(printable).join(', ')
  return verdict === 'better' && best !== null
    ? contest.better(printable(creatives[best] ?? ''), sayRate(Math.min(chances[best] ?? 0, 0.999), terminal))
    : contest[verdict === 'too-early' ? 'early' : 'open'](names)
}
