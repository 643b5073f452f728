import { WEEKDAYS } from '../../ad/campaign.ts'
import type { FormFields } from '../../http/body.ts'

/** What stands in a campaign's form: the values of each field. A field is called as the key in the campaign's file. */
export type Typed = ReadonlyMap<string, readonly string[]>

/** The fields that a form was sent with; several of one name are a list. */
export const typedIn = (fields: FormFields): Typed =>
  new Map(
    [...Map.groupBy(fields, ([name]) => name)].map(([name, all]) => [name, all.map(([, text]) => text)]),
  )

/** Lists that are written in one line, with commas. */
const IN_A_LINE = ['target.tags', 'target.articles', 'target.authors', 'target.countries']

/** What a campaign's form shows of what is stored. */
export function typedFrom(frontMatter: Readonly<Record<string, unknown>>): Typed {
  const typed = new Map<string, string[]>()
  const walk = (key: string, value: unknown): void => {
    if (Array.isArray(value)) {
      if (value.every((one) => typeof one === 'string'))
        typed.set(key, IN_A_LINE.includes(key) ? [value.join(', ')] : value)
      else for (const [index, one] of value.entries()) walk(`${key}.${index}`, one)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) walk(key === '' ? name : `${key}.${name}`, one)
    } else if (value !== false && value !== null && value !== undefined) typed.set(key, [String(value)])
  }
  walk('', frontMatter)
  return typed
}

/** The first value of a field, without the spaces around it. */
export const textOf = (typed: Typed, name: string): string => (typed.get(name)?.[0] ?? '').trim()

/** How many entries a list of the form has: `creatives.0.url`, `creatives.1.url` are two. */
export function countOf(typed: Typed, list: string): number {
  const indexes = [...typed.keys()].flatMap((name) => {
    const [, index] = name.startsWith(`${list}.`)
      ? (/^\.(\d{1,2})\./.exec(name.slice(list.length)) ?? [])
      : []
    return index === undefined ? [] : [Number(index)]
  })
  return Math.max(-1, ...indexes) + 1
}

/** Takes an entry out of a list of the form; those behind it move up. */
export function without(typed: Typed, list: string, index: number): Typed {
  const moved = [...typed].flatMap(([name, values]): [string, readonly string[]][] => {
    const [, at, rest] = name.startsWith(`${list}.`)
      ? (/^\.(\d{1,2})(\..*)$/.exec(name.slice(list.length)) ?? [])
      : []
    if (at === undefined || Number(at) < index) return [[name, values]]
    return Number(at) === index ? [] : [[`${list}.${Number(at) - 1}${rest}`, values]]
  })
  return new Map(moved)
}

/** Makes the campaign of what was typed. Empty fields say nothing; what is wrong stays as it is, to be refused by its key. */
export function frontMatterFrom(typed: Typed): Record<string, unknown> {
  const text = (name: string) => textOf(typed, name) || undefined
  const number = (name: string) => {
    const said = text(name)
    return said !== undefined && /^\d{1,12}$/.test(said) ? Number(said) : said
  }
  const many = (name: string) => listOr(typed.get(name))
  const line = (name: string) => listOr(textOf(typed, name).split(/[\s,;]+/))
  const upper = (name: string) => line(name)?.map((one) => one.toUpperCase())
  const rows = (list: string) => Array.from({ length: countOf(typed, list) }, (_, n) => `${list}.${n}.`)
  const hours = rows('target.hours').flatMap((key) => {
    const days = many(`${key}days`)
    const row = said({
      days: days?.length === WEEKDAYS.length ? undefined : days,
      from: number(`${key}from`),
      until: number(`${key}until`),
    })
    return row ? [row] : []
  })
  const creatives = rows('creatives').map((key) => ({
    kind: text(`${key}kind`),
    ...said({
      id: text(`${key}id`),
      headline: text(`${key}headline`),
      text: text(`${key}text`),
      button: text(`${key}button`),
      size: text(`${key}size`),
      file: text(`${key}file`),
      alt: text(`${key}alt`),
      url: text(`${key}url`),
      share: number(`${key}share`),
      image: imageOf(text(`${key}image.src`), text(`${key}image.alt`)),
    }),
  }))
  return {
    ...said({
      advertiser: text('advertiser'),
      name: text('name'),
      state: text('state') === 'ready' ? undefined : text('state'),
      start: text('start'),
      end: text('end'),
      priority: text('priority') === 'sold' ? undefined : text('priority'),
      weight: number('weight'),
      budget: said({ views: number('budget.views'), clicks: number('budget.clicks') }),
      pacing: text('pacing') === 'even' ? undefined : text('pacing'),
      target: said({
        sections: many('target.sections'),
        tags: line('target.tags'),
        articles: line('target.articles'),
        authors: line('target.authors'),
        hours: hours.length > 0 ? hours : undefined,
        countries: upper('target.countries'),
        devices: many('target.devices'),
      }),
      category: text('category'),
      sensitive: typed.has('sensitive') ? true : undefined,
      placements: many('placements'),
      political: said({
        sponsor: text('political.sponsor'),
        amount: text('political.amount'),
        period: text('political.period'),
        election: text('political.election'),
      }),
    }),
    creatives,
  }
}

/** A picture with a name has a description, be it empty: a small one may be mere ornament. */
const imageOf = (src: string | undefined, alt: string | undefined) =>
  src ? { src, alt: alt ?? '' } : undefined

/** A list without empty entries; undefined when nothing is left. */
function listOr(values: readonly string[] | undefined): string[] | undefined {
  const left = (values ?? []).map((one) => one.trim()).filter(Boolean)
  return left.length > 0 ? left : undefined
}

/** An object without the keys that say nothing; undefined when none is left. */
function said(entries: Record<string, unknown>): Record<string, unknown> | undefined {
  const left = Object.entries(entries).filter(([, value]) => value !== undefined)
  return left.length > 0 ? Object.fromEntries(left) : undefined
}
