import { figure, longDate, type Zone } from '../locale/locale.ts'

/** Numbers by day, under a name that is also the class by which the stylesheet draws them. */
export interface Series {
  readonly kind: 'loaded' | 'viewable' | 'clicks'
  readonly name: string
  readonly values: readonly number[]
}

/** The drawing has no words in it, so that it may be as wide as its page: one unit per day, and so many for the most. */
const HEIGHT = 100

/**
 * Numbers by day, as steps: a day is as wide as it is long, and a single one is seen as well as a year.
 * @param days in order, without gaps
 * @param series the first is drawn as an area, what follows are lines on it
 */
export function Plot({
  title,
  summary,
  days,
  series,
  zone,
}: {
  title: string
  /** What the drawing says, for who can't see it. */
  summary: string
  days: readonly string[]
  series: readonly [Series, ...Series[]]
  zone: Zone
}) {
  const top = roundUp(Math.max(1, ...series.flatMap(({ values }) => values)))
  const [first, ...others] = series
  const say = (day: string | undefined) => (day === undefined ? '' : dayInWords(day, zone))
  return (
    <figure class="plot">
      <figcaption>
        <strong>{title}</strong>
        {others.length > 0 &&
          series.map(({ kind, name }) => (
            <span key={kind} class={`plot-key ${kind}`}>
              {name}
            </span>
          ))}
      </figcaption>
      <div class="plot-frame">
        <span>{figure(top, zone)}</span>
        <span>{figure(0, zone)}</span>
        <svg
          viewBox={`0 0 ${days.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${summary}`}
        >
          <path
            vector-effect="non-scaling-stroke"
            class={`area ${first.kind}`}
            d={`M0,${HEIGHT}${stepsOf(first.values, top)}V${HEIGHT}Z`}
          />
          {others.map(({ kind, values }) => (
            <path
              vector-effect="non-scaling-stroke"
              key={kind}
              class={`line ${kind}`}
              d={`M0,${HEIGHT}${stepsOf(values, top)}V${HEIGHT}`}
            />
          ))}
        </svg>
      </div>
      <p class="plot-days">
        <span>{say(days[0])}</span>
        {days.length > 1 && <span>{say(days.at(-1))}</span>}
      </p>
    </figure>
  )
}

/** Up or down to each day's number, and on to the next day. */
const stepsOf = (values: readonly number[], top: number): string =>
  values.map((value, day) => `V${Number((HEIGHT - (value / top) * HEIGHT).toFixed(2))}H${day + 1}`).join('')

/** The next number with one figure and noughts, or half of one: 1,234 makes 1,500. */
function roundUp(n: number): number {
  const step = 10 ** Math.floor(Math.log10(n)) / 2
  return step < 1 ? Math.ceil(n) : Math.ceil(n / step) * step
}

/** „3. Juli 2024“, of a day `2024-07-03`. */
export const dayInWords = (day: string, { language }: Pick<Zone, 'language'>) =>
  longDate(new Date(`${day}T12:00:00Z`), { language, timezone: 'UTC' })
