import type { Command } from 'commander'
import * as v from 'valibot'
import { COUNTED, type Numbers } from '../ad/numbers.ts'
import { csv } from '../http/csv.ts'
import type { CliTexts } from '../locale/cli/de.ts'
import { NUMBERS, sayNumbers, withRates } from './ad-figures.ts'
import { reportCampaign } from './ad-report.ts'
import { campaignCommands } from './campaigns.ts'
import type { AdsReport } from './client.ts'
import { type ExitCode, WrongUse } from './failure.ts'
import { printJson } from './print.ts'
import { table } from './table.ts'
import { LOCAL_URL, openSite } from './target.ts'
import { printable, type Terminal } from './terminal.ts'

interface Options {
  from?: string
  toDay?: string
  to: string
  json?: true
  csv?: true
}

/** `mw ads …` — which campaigns there are, and how often each ad was served, loaded, in view and clicked, by day. */
export function adsCommand(program: Command, terminal: Terminal): void {
  const { ads, option, wrongUse } = terminal.texts
  const parseDay = (text: string): string => {
    if (!v.is(Day, text)) throw new WrongUse(wrongUse.day(text))
    return text
  }
  const group = program.command('ads').summary(ads.summary).description(ads.summary)
  campaignCommands(group, terminal)
  group
    .command('report')
    .argument('[id]', ads.reportId)
    .summary(ads.report)
    .description(ads.report)
    .option('--from <day>', option.from, parseDay)
    .option('--to-day <day>', option.toDay, parseDay)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .option('--csv', option.csv)
    .action(async (id: string | undefined, options: Options) => {
      const { from, toDay } = options
      if (from && toDay && from > toDay) throw new WrongUse(wrongUse.dayOrder)
      if (options.json && options.csv) throw new WrongUse(wrongUse.either('--json', '--csv'))
      const range = { ...(from ? { from } : {}), ...(toDay ? { to: toDay } : {}) }
      process.exitCode = await (id === undefined
        ? runReport(range, options, terminal)
        : reportCampaign(id, range, options, terminal))
    })
}

/** A day of the calendar: the 31st of February is none. */
const Day = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true),
)

type Row = AdsReport['items'][number]

async function runReport(
  range: Record<string, string>,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const client = openSite(options.to, terminal)
  const { items } = await client.adsReport(range)
  const total = sum(items)
  if (options.json) printJson({ to: client.target.url, items: items.map(withRates), total }, terminal)
  else if (options.csv) terminal.out(csv(items.map(toCsvRow), CSV_COLUMNS))
  else if (items.length === 0) terminal.out(terminal.texts.ads.none)
  else for (const line of reportTable(items, total, terminal)) terminal.out(line)
  return 0
}

function sum(rows: readonly Row[]) {
  const none: Numbers = { served: 0, loaded: 0, viewable: 0, clicks: 0, filtered: 0 }
  const total = rows.reduce<Numbers>(
    (sums, row) => ({
      served: sums.served + row.served,
      loaded: sums.loaded + row.loaded,
      viewable: sums.viewable + row.viewable,
      clicks: sums.clicks + row.clicks,
      filtered: sums.filtered + row.filtered,
    }),
    none,
  )
  return withRates(total)
}

/** The same names in every language: a script reads them. */
const CSV_COLUMNS = ['day', 'campaign', 'headline', ...COUNTED] as const

const toCsvRow = (row: Row) => [
  row.day,
  row.campaign,
  row.headline ?? '',
  ...COUNTED.map((column) => row[column]),
]

function reportTable(rows: readonly Row[], total: ReturnType<typeof sum>, terminal: Terminal): string[] {
  const { ads } = terminal.texts
  const [head = '', ...lines] = table(
    [
      COLUMNS.map((column) => ads.column[column]),
      ...rows.map((row) => [
        row.day,
        row.campaign,
        printable(row.headline ?? ''),
        ...sayNumbers(row, terminal),
      ]),
      [ads.total, '', '', ...sayNumbers(total, terminal)],
    ],
    COLUMNS.map((column) => (NUMERIC.has(column) ? 'right' : 'left')),
  )
  const last = lines.pop() ?? ''
  return [terminal.paint('bold', head), ...lines, terminal.paint('bold', last)]
}

const WORDS = ['day', 'campaign', 'headline'] as const
const COLUMNS = [...WORDS, ...NUMBERS] as const satisfies readonly (keyof CliTexts['ads']['column'])[]
const NUMERIC: ReadonlySet<string> = new Set(NUMBERS)
