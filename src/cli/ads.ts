import type { Command } from 'commander'
import * as v from 'valibot'
import { csv } from '../http/csv.ts'
import type { CliTexts } from '../locale/cli/de.ts'
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

/** `mw ads …` — which campaigns there are, and how often each ad was seen and clicked, by day. */
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
    .summary(ads.report)
    .description(ads.report)
    .option('--from <day>', option.from, parseDay)
    .option('--to-day <day>', option.toDay, parseDay)
    .option('--to <url>', option.to, LOCAL_URL)
    .option('--json', option.json)
    .option('--csv', option.csv)
    .action(async (options: Options) => {
      process.exitCode = await runReport(options, terminal)
    })
}

/** A day of the calendar: the 31st of February is none. */
const Day = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true),
)

type Row = AdsReport['items'][number]

async function runReport(options: Options, terminal: Terminal): Promise<ExitCode> {
  const { from, toDay } = options
  if (from && toDay && from > toDay) throw new WrongUse(terminal.texts.wrongUse.dayOrder)
  if (options.json && options.csv) throw new WrongUse(terminal.texts.wrongUse.either('--json', '--csv'))
  const client = openSite(options.to, terminal)
  const { items } = await client.adsReport({ ...(from ? { from } : {}), ...(toDay ? { to: toDay } : {}) })
  const total = sum(items)
  if (options.json) printJson({ to: client.target.url, items: items.map(withRate), total }, terminal)
  else if (options.csv) terminal.out(csv(items.map(toCsvRow), CSV_COLUMNS))
  else if (items.length === 0) terminal.out(terminal.texts.ads.none)
  else for (const line of reportTable(items, total, terminal)) terminal.out(line)
  return 0
}

/** Clicks per view; null where nothing was seen. */
const rateOf = ({ views, clicks }: Pick<Row, 'views' | 'clicks'>) => (views > 0 ? clicks / views : null)

const withRate = (row: Row) => ({ ...row, rate: rateOf(row) })

function sum(rows: readonly Row[]) {
  const views = rows.reduce((total, row) => total + row.views, 0)
  const clicks = rows.reduce((total, row) => total + row.clicks, 0)
  return { views, clicks, rate: rateOf({ views, clicks }) }
}

/** The same names in every language: a script reads them. */
const CSV_COLUMNS = ['day', 'campaign', 'headline', 'views', 'clicks'] as const

const toCsvRow = ({ day, campaign, headline, views, clicks }: Row) => [
  day,
  campaign,
  headline ?? '',
  views,
  clicks,
]

function reportTable(rows: readonly Row[], total: ReturnType<typeof sum>, terminal: Terminal): string[] {
  const { ads } = terminal.texts
  const numbers = ({ views, clicks }: Pick<Row, 'views' | 'clicks'>) => [
    sayNumber(views, terminal),
    sayNumber(clicks, terminal),
    sayRate(rateOf({ views, clicks }), terminal),
  ]
  const [head = '', ...lines] = table(
    [
      COLUMNS.map((column) => ads.column[column]),
      ...rows.map((row) => [row.day, row.campaign, printable(row.headline ?? ''), ...numbers(row)]),
      [ads.total, '', '', ...numbers(total)],
    ],
    COLUMNS.map((column) => (NUMERIC.has(column) ? 'right' : 'left')),
  )
  const last = lines.pop() ?? ''
  return [terminal.paint('bold', head), ...lines, terminal.paint('bold', last)]
}

const COLUMNS = ['day', 'campaign', 'headline', 'views', 'clicks', 'rate'] as const
const NUMERIC: ReadonlySet<keyof CliTexts['ads']['column']> = new Set(['views', 'clicks', 'rate'])

const sayNumber = (value: number, { language }: Terminal) => value.toLocaleString(language)

const sayRate = (rate: number | null, { language }: Terminal) =>
  rate === null
    ? '–'
    : rate.toLocaleString(language, { style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 })
