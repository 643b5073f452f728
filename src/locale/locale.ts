import { de, type Texts } from './de.ts'
import { en } from './en.ts'

/** The texts of a language. */
export const textsOf = (language: 'de' | 'en'): Texts => (language === 'en' ? en : de)

const formats = new Map<string, Intl.DateTimeFormat>()

function format(
  language: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'de-DE', { timeZone, ...options })
  formats.set(key, made)
  return made
}

export interface Zone {
  language: string
  timezone: string
}

/** „3. Juli 2024“, in the site's zone and language. */
export const longDate = (at: Date, zone: Zone) =>
  format(zone.language, zone.timezone, { day: 'numeric', month: 'long', year: 'numeric' }).format(at)

/** „3.–31. Juli 2024“: from a day to another one, both included; a single day as `longDate` says it. */
export const longDates = (from: Date, to: Date, zone: Zone) =>
  format(zone.language, zone.timezone, { day: 'numeric', month: 'long', year: 'numeric' }).formatRange(
    from,
    to,
  )

/** „3. Juli 2024, 09:30 Uhr“. */
export const dateAndTime = (at: Date, zone: Zone) => {
  const time = format(zone.language, zone.timezone, { hour: '2-digit', minute: '2-digit' }).format(at)
  return `${longDate(at, zone)}, ${time}${zone.language === 'de' ? '\u00a0Uhr' : ''}`
}

/** The moment at which a day begins in a time zone: `2024-07-03` in Berlin at 22:00 UTC of the day before. */
export function startOfDay(day: string, timezone: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`)
  const [, sign = '+', hours = '00', minutes = '00'] =
    /GMT([+-])(\d\d):(\d\d)/.exec(format('en', timezone, { timeZoneName: 'longOffset' }).format(midnight)) ??
    []
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return new Date(midnight.getTime() - offset * 60_000)
}

/** „Juli 2024“, of a month `2024-07`. */
export const monthAndYear = (month: string, { language }: Zone) =>
  format(language, 'UTC', { month: 'long', year: 'numeric' }).format(new Date(`${month}-15T12:00:00Z`))

/** „09:30“ for a moment of today, else „03.07.“, with the year where it is another. */
export function clockOrDay(at: Date, now: Date, zone: Zone): string {
  const [day, today] = [dayIn(at, zone.timezone), dayIn(now, zone.timezone)]
  if (day === today)
    return format(zone.language, zone.timezone, { hour: '2-digit', minute: '2-digit' }).format(at)
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: '2-digit' } as const)
  return format(zone.language, zone.timezone, { day: '2-digit', month: '2-digit', ...year }).format(at)
}

/** „Mittwoch, 3. Juli 2024“. */
export const dayAndDate = (at: Date, zone: Zone) =>
  format(zone.language, zone.timezone, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(at)

/** The calendar day `2024-07-03` that a moment falls on in a time zone. */
export function dayIn(at: Date, timezone: string): string {
  const parts = format('en', timezone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    at,
  )
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** The hour of the day in a time zone, 0 to 23. */
export const hourIn = (at: Date, timezone: string): number =>
  Number(format('en', timezone, { hour: '2-digit', hourCycle: 'h23' }).format(at))

/** The day of the week in a time zone. */
export const weekdayIn = (at: Date, timezone: string): string =>
  format('en', timezone, { weekday: 'short' }).format(at).toLowerCase().slice(0, 3)

/** „1.234“. */
export const figure = (n: number, { language }: Pick<Zone, 'language'>) => numbersIn(language, {}).format(n)

/** „1,20 %“, „65,2 %“: as precise as shares of views are talked about. */
export const percent = (share: number, { language }: Pick<Zone, 'language'>) => {
  const digits = share < 0.1 ? 2 : 1
  return numbersIn(language, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share)
}

const numberFormats = new Map<string, Intl.NumberFormat>()

function numbersIn(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = numberFormats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'de-DE', options)
  numberFormats.set(key, made)
  return made
}
