import type { Root } from 'hast'
import { defaultSchema, type Schema, sanitize } from 'hast-util-sanitize'

/**
 * What HTML an author may use. An allow-list: whatever is not named here never reaches a page.
 * Starts from GitHub's list (hast-util-sanitize) and takes out what an article has no use for.
 */
const schema: Schema = {
  tagNames: [
    ...[
      'p',
      'br',
      'hr',
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
      'blockquote',
      'pre',
    ],
    ...[
      'table',
      'thead',
      'tbody',
      'tfoot',
      'tr',
      'th',
      'td',
      'caption',
      'figure',
      'figcaption',
      'img',
      'div',
      'section',
    ],
    ...[
      'a',
      'abbr',
      'b',
      'bdi',
      'bdo',
      'cite',
      'code',
      'del',
      'dfn',
      'em',
      'i',
      'ins',
      'kbd',
      'mark',
      'q',
      's',
      'samp',
    ],
    ...['small', 'span', 'strong', 'sub', 'sup', 'time', 'var', 'wbr', 'details', 'summary'],
  ],
  attributes: {
    a: ['href', ['id', /^fnref?\d+(?::\d+)?$/], ['className', 'footnote-backref']],
    abbr: ['title'],
    img: ['src', 'alt', 'title'],
    li: [
      ['id', /^fn\d+$/],
      ['className', 'footnote-item'],
    ],
    ol: ['start', 'reversed', ['className', 'footnotes-list']],
    sup: [['className', 'footnote-ref']],
    div: [['className', 'footnotes']],
    code: [['className', /^language-[\w-]+$/]],
    td: ['colSpan', 'rowSpan', ['className', 'right', 'center']],
    th: ['colSpan', 'rowSpan', 'scope', ['className', 'right', 'center']],
    time: ['dateTime'],
    details: ['open'],
    '*': ['lang', 'dir'],
  },
  protocols: { href: ['http', 'https', 'mailto'], src: [] },
  ancestors: defaultSchema.ancestors ?? {},
  clobberPrefix: '',
  clobber: [],
  strip: [
    'script',
    'style',
    'template',
    'noscript',
    'iframe',
    'object',
    'svg',
    'math',
    'title',
    'textarea',
    'select',
  ],
  allowComments: true,
}

/** Removes everything from an author's HTML that is not on the allow-list. Comments stay, for the ad marker. */
export function sanitise(tree: Root): Root {
  const clean = sanitize(tree, schema)
  return clean.type === 'root' ? clean : { type: 'root', children: clean.type === 'doctype' ? [] : [clean] }
}
