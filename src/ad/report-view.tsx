import { figure, percent } from '../locale/locale.ts'
import type { Site } from '../site/site.ts'
import { ScrollableTable } from '../view/parts.tsx'
import type { Campaign } from './campaign.ts'
import type { CampaignReport, Contest, Figures } from './campaign-report.ts'
import { COUNTED } from './numbers.ts'
import { daysBetween, type Period } from './period.ts'
import { dayInWords, Plot } from './plot.tsx'
import { LEAST_CLICKS, LEAST_VIEWS, type Rate } from './statistics.ts'

/** What is shown, of which campaign; null where there is none any more that could be read. */
interface Shown {
  report: CampaignReport
  campaign: Campaign | null
  site: Site
}

/** The report of a campaign, as who sells and who pays sees it: period, key figures, plots, tables. */
export function ReportView({
  period,
  csvPath,
  ...shown
}: Shown & {
  period: Period
  /** Address of the same as a file. */
  csvPath: string
}) {
  const { report, site } = shown
  const { ad } = site.texts
  const isEmpty = report.sums.length === 0 && report.reasons.length === 0
  return (
    <div class="report">
      <PeriodForm period={period} site={site} />
      {period.isCut && <p class="hint">{ad.report.cut}</p>}
      {isEmpty ? (
        <>
          <p>
            <strong>{ad.report.empty}</strong>
          </p>
          <p class="hint">{ad.report.emptyHint}</p>
        </>
      ) : (
        <>
          <KeyFigures {...shown} />
          <Days {...shown} />
          <h2>{ad.report.byCreative}</h2>
          <FiguresTable
            label={ad.report.byCreative}
            column={ad.report.creative}
            rows={report.creatives.map((one) => [creativeName(one.creative, shown), one])}
            {...shown}
          />
          <Contests {...shown} />
          <h2>{ad.report.byPlacement}</h2>
          <FiguresTable
            label={ad.report.byPlacement}
            column={ad.report.placement}
            rows={report.placements.map((one) => [placementName(one.placement, site), one])}
            {...shown}
          />
          <Reasons {...shown} />
          <p>
            <a
              href={`${csvPath}?${new URLSearchParams({ von: report.from, bis: report.to })}`}
              download={`${report.campaign}.csv`}
            >
              {ad.report.csv}
            </a>
          </p>
          <p class="hint">
            {ad.report.meaning} {ad.report.rangeHint}
          </p>
        </>
      )}
    </div>
  )
}

function PeriodForm({ period: { from, to }, site }: { period: Period; site: Site }) {
  const { report } = site.texts.ad
  return (
    <form method="get" class="report-period">
      {(
        [
          ['von', report.from, from],
          ['bis', report.to, to],
        ] as const
      ).map(([name, label, day]) => (
        <p key={name}>
          <label for={name}>{label}</label>
          <input type="date" id={name} name={name} value={day} required />
        </p>
      ))}
      <button type="submit">{report.show}</button>
    </form>
  )
}

function KeyFigures({ report: { total }, site }: Shown) {
  const { numbers, viewableShare, clickRate } = site.texts.ad.report
  const rates = {
    viewable: [viewableShare, total.viewableShare],
    clicks: [clickRate, total.clickRate],
  } as const
  return (
    <dl class="report-figures">
      {COUNTED.map((kind) => {
        const [label, rate] = kind === 'viewable' || kind === 'clicks' ? rates[kind] : []
        return (
          <div key={kind}>
            <dt>{numbers[kind]}</dt>
            <dd>
              <strong>{figure(total[kind], site.settings)}</strong>
              {label && rate && (
                <>
                  {' '}
                  {label} <RateInWords rate={rate} site={site} />
                </>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** A rate, and how far it can be trusted. */
function RateInWords({ rate, site }: { rate: Rate | null; site: Site }) {
  if (!rate) return <>–</>
  const { settings, texts } = site
  const { low, high } = rate
  return (
    <>
      {percent(rate.rate, settings)}{' '}
      <small>{texts.ad.report.range(percent(low, settings), percent(high, settings))}</small>
    </>
  )
}

function Days({ report, site }: Shown) {
  const texts = site.texts.ad.report
  const days = daysBetween(report.from, report.to)
  const found = new Map(report.days.map((one) => [one.day, one]))
  const valuesOf = (kind: 'loaded' | 'viewable' | 'clicks') => days.map((day) => found.get(day)?.[kind] ?? 0)
  const most = (kind: 'loaded' | 'clicks') => {
    const best = report.days.reduce((a, b) => (b[kind] > a[kind] ? b : a))
    return texts.most(figure(best[kind], site.settings), dayInWords(best.day, site.settings))
  }
  const seriesOf = (kind: 'loaded' | 'viewable' | 'clicks') => ({
    kind,
    name: texts.numbers[kind],
    values: valuesOf(kind),
  })
  if (report.days.length === 0) return null
  const shared = { days, zone: site.settings }
  return (
    <>
      <h2>{texts.byDay}</h2>
      <Plot
        title={texts.viewsByDay}
        summary={most('loaded')}
        series={[seriesOf('loaded'), seriesOf('viewable')]}
        {...shared}
      />
      <Plot title={texts.clicksByDay} summary={most('clicks')} series={[seriesOf('clicks')]} {...shared} />
      <details>
        <summary>{texts.asTable}</summary>
        <FiguresTable
          label={texts.byDay}
          column={texts.day}
          rows={report.days.map((one) => [dayInWords(one.day, site.settings), one])}
          total={report.total}
          site={site}
        />
      </details>
    </>
  )
}

/** A line of numbers for each of something. */
function FiguresTable({
  label,
  column,
  rows,
  total,
  site,
}: {
  label: string
  column: string
  rows: readonly (readonly [string, Figures])[]
  total?: Figures
  site: Site
}) {
  const { numbers, viewableShare, clickRate, total: together } = site.texts.ad.report
  const heads = [
    ...[numbers.served, numbers.loaded, numbers.viewable, viewableShare],
    ...[numbers.clicks, clickRate, numbers.filtered],
  ]
  return (
    <ScrollableTable label={label}>
      <thead>
        <tr>
          <th scope="col">{column}</th>
          {heads.map((head) => (
            <th key={head} scope="col" class="right">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[...rows, ...(total ? [[together, total] as const] : [])].map(([name, one]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {[
              ...[one.served, one.loaded, one.viewable, one.viewableShare],
              ...[one.clicks, one.clickRate, one.filtered],
            ].map((value, index) => (
              <td key={index} class="right">
                {typeof value === 'number' ? (
                  figure(value, site.settings)
                ) : (
                  <RateInWords rate={value} site={site} />
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollableTable>
  )
}

/** Which creative is better, in a sentence each; nothing where there is one only. */
function Contests(shown: Shown) {
  const { report, site } = shown
  const { contest: texts } = site.texts.ad.report
  if (report.contests.length === 0) return null
  const list = new Intl.ListFormat(site.settings.language)
  return (
    <>
      <h2>{texts.title}</h2>
      {report.contests.map((contest) => (
        <div key={contest.placements.join()}>
          <p class="report-verdict">{verdictOf(contest, shown)}</p>
          {contest.verdict !== 'too-early' && (
            <>
              <p class="hint">
                {texts.compared(list.format(contest.placements.map((one) => placementName(one, site))))}{' '}
                {texts.chances}:
              </p>
              <ul class="hint">
                {contest.creatives.map((id, index) => (
                  <li key={id}>
                    {creativeName(id, shown)} – {chance(contest.chances[index] ?? 0, site)}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      ))}
    </>
  )
}

function verdictOf({ verdict, best, creatives, chances }: Contest, shown: Shown): string {
  const { contest: texts } = shown.site.texts.ad.report
  if (verdict === 'too-early') return texts.early(LEAST_VIEWS, LEAST_CLICKS)
  if (best === null) return texts.open
  return texts.better(creativeName(creatives[best] ?? '', shown), chance(chances[best] ?? 0, shown.site))
}

/** Nothing is certain: „mehr als 99,9 %“. */
function chance(of: number, { settings, texts }: Site): string {
  const { over, under } = texts.ad.report.contest
  if (of > 0.999) return over(percent(0.999, settings))
  return of < 0.001 ? under(percent(0.001, settings)) : percent(of, settings)
}

function Reasons({ report: { reasons }, site }: Shown) {
  const { reasons: texts, numbers, total } = site.texts.ad.report
  if (reasons.length === 0) return null
  const kinds = ['served', 'loaded', 'viewable', 'clicks'] as const
  const rows = [...Map.groupBy(reasons, ({ reason }) => reason)]
  return (
    <>
      <h2>{texts.title}</h2>
      <ScrollableTable label={texts.title}>
        <thead>
          <tr>
            <th scope="col">{texts.reason}</th>
            {[...kinds.map((kind) => numbers[kind]), total].map((head) => (
              <th key={head} scope="col" class="right">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([reason, counts]) => (
            <tr key={reason}>
              <th scope="row">{texts[reason]}</th>
              {[...kinds, null].map((kind) => (
                <td key={kind} class="right">
                  {figure(
                    counts
                      .filter((one) => kind === null || one.kind === kind)
                      .reduce((sum, { n }) => sum + n, 0),
                    site.settings,
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollableTable>
    </>
  )
}

/** A creative by what is seen of it: its headline, or its size. */
function creativeName(id: string, { campaign, site }: Shown): string {
  const creative = campaign?.creatives.find((one) => one.id === id)
  if (!creative) return id || site.texts.ad.report.unknown
  return `${id}: ${creative.kind === 'native' ? creative.headline : creative.size}`
}

function placementName(placement: string, { texts }: Site): string {
  const names: Readonly<Record<string, string>> = texts.desk.ads.places
  return names[placement] ?? (placement || texts.ad.report.unknown)
}
