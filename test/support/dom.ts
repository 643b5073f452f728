import type { Element, Root } from 'hast'
import { fromParse5 } from 'hast-util-from-parse5'
import { selectAll } from 'hast-util-select'
import { parse } from 'parse5'
import { textOf } from '../../src/article/body.ts'

/** A page as a browser's parser sees it, to be asked by CSS selectors. */
export class Dom {
  readonly html: string
  readonly #tree: Root

  constructor(html: string) {
    this.html = html
    const tree = fromParse5(parse(html))
    this.#tree = tree.type === 'root' ? tree : { type: 'root', children: [tree] }
  }

  all(selector: string): Element[] {
    return selectAll(selector, this.#tree)
  }

  has(selector: string): boolean {
    return this.all(selector).length > 0
  }

  /** The only element that a selector finds. */
  one(selector: string): Element {
    const [first, ...others] = this.all(selector)
    if (!first || others.length > 0)
      throw new Error(`${selector} finds ${first ? others.length + 1 : 0} elements`)
    return first
  }

  /** The text of the only element that a selector finds, white space collapsed. */
  text(selector: string): string {
    return collapse(textOf(this.one(selector)))
  }

  /** The text of every element that a selector finds. */
  texts(selector: string): string[] {
    return this.all(selector).map((element) => collapse(textOf(element)))
  }

  /** What the only form control of a name holds. */
  value(name: string): string {
    const control = this.one(`:is(input, textarea)[name=${name}]`)
    return control.tagName === 'textarea' ? textOf(control) : (attributeOf(control, 'value') ?? '')
  }

  /** An attribute of the only element that a selector finds. */
  attribute(selector: string, name: string): string | null {
    return attributeOf(this.one(selector), name)
  }

  /** An attribute of every element that a selector finds. */
  attributes(selector: string, name: string): (string | null)[] {
    return this.all(selector).map((element) => attributeOf(element, name))
  }
}

const collapse = (text: string) => text.replace(/\s+/g, ' ').trim()

const NAMES: Record<string, string> = {
  class: 'className',
  for: 'htmlFor',
  datetime: 'dateTime',
  tabindex: 'tabIndex',
  maxlength: 'maxLength',
  srcset: 'srcSet',
  srclang: 'srcLang',
  fetchpriority: 'fetchPriority',
  'aria-describedby': 'ariaDescribedBy',
  'aria-labelledby': 'ariaLabelledBy',
}

function attributeOf(element: Element, name: string): string | null {
  const property =
    NAMES[name] ?? name.replace(/^aria-(.)/, (_, letter: string) => `aria${letter.toUpperCase()}`)
  const value = element.properties[property]
  if (value === undefined || value === null || value === false) return null
  return Array.isArray(value) ? value.join(' ') : value === true ? '' : String(value)
}
