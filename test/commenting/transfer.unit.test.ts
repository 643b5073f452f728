import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readComments } from '../../src/cli/comment-source.ts'
import { textOfHtml } from '../../src/cli/comment-text.ts'
import { inWaves } from '../../src/comment/transfer.ts'

const folder = mkdtempSync(join(tmpdir(), 'mw-import-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function read(name: string, content: string, format: 'wxr' | 'disqus' | 'json') {
  const file = join(folder, name)
  writeFileSync(file, content)
  const found: unknown[] = []
  for await (const comment of readComments(file, format, () => undefined)) found.push(comment)
  return found
}

describe('what another system kept as HTML', () => {
  test.each([
    ['Einfach so.', 'Einfach so.'],
    ['<p>Eins</p><p>Zwei<br>drei</p>', 'Eins\n\nZwei\ndrei'],
    ['&lt;b&gt; &amp; Co', '<b> & Co'],
    ['<blockquote><p>Zitat</p></blockquote><p>Nein.</p>', '> Zitat\n\nNein.'],
    ['<ul><li>eins</li><li>zwei</li></ul>', '- eins\n- zwei'],
    ['<a href="https://beispiel.de/">hier</a>', '[hier](https://beispiel.de/)'],
    ['<a href="https://beispiel.de/">https://beispiel.de/</a>', 'https://beispiel.de/'],
    ['<a href="javascript:alert(1)">hier</a>', 'hier'],
    ['<script>alert(1)</script><em>so</em> <strong>sehr</strong>', '*so* **sehr**'],
  ])('%s becomes text', (html, text) => {
    expect(textOfHtml(html)).toBe(text)
  })
})

const WXR = `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>Ein Artikel</title><wp:post_name>ein-artikel</wp:post_name>
<wp:comment><wp:comment_id>7</wp:comment_id><wp:comment_author><![CDATA[Änne & Co]]></wp:comment_author>
<wp:comment_author_email>a@beispiel.de</wp:comment_author_email><wp:comment_author_url>https://beispiel.de</wp:comment_author_url>
<wp:comment_date>2019-03-04 12:30:00</wp:comment_date><wp:comment_date_gmt>2019-03-04 11:30:00</wp:comment_date_gmt>
<wp:comment_content><![CDATA[Erster <b>Kommentar</b>]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>
<wp:comment_type>comment</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>8</wp:comment_id><wp:comment_author>Bodo</wp:comment_author><wp:comment_author_email></wp:comment_author_email>
<wp:comment_author_url></wp:comment_author_url><wp:comment_date_gmt>2019-03-05 11:30:00</wp:comment_date_gmt>
<wp:comment_content>Antwort</wp:comment_content><wp:comment_approved>spam</wp:comment_approved><wp:comment_type></wp:comment_type>
<wp:comment_parent>7</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>9</wp:comment_id><wp:comment_type>pingback</wp:comment_type></wp:comment>
</item></channel></rss>`

const DISQUS = `<?xml version="1.0"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="100"><link>https://alt.example/2019/03/ein-artikel/</link><title>Ein Artikel</title><author><name>Redaktion</name></author></thread>
<post dsq:id="5"><message><![CDATA[<p>Erster</p>]]></message><createdAt>2019-03-04T11:30:00Z</createdAt><isDeleted>false</isDeleted>
<isSpam>false</isSpam><author><name>Änne</name><email>a@beispiel.de</email></author><thread dsq:id="100"/></post>
<post dsq:id="6"><message>Antwort</message><createdAt>2019-03-05T11:30:00Z</createdAt><isDeleted>true</isDeleted><isSpam>false</isSpam>
<author><name>Bodo</name></author><thread dsq:id="100"/><parent dsq:id="5"/></post></disqus>`

describe('a file', () => {
  test('of WordPress gives its comments with their articles, and no pingbacks', async () => {
    expect(await read('a.xml', WXR, 'wxr')).toEqual([
      {
        source: 'wxr:7',
        parent: null,
        article: 'ein-artikel',
        name: 'Änne & Co',
        email: 'a@beispiel.de',
        website: 'https://beispiel.de',
        text: 'Erster **Kommentar**',
        status: 'approved',
        createdAt: '2019-03-04T11:30:00Z',
      },
      expect.objectContaining({
        source: 'wxr:8',
        parent: 'wxr:7',
        status: 'spam',
        email: '',
        text: 'Antwort',
      }),
    ])
  })

  test('of Disqus gives its posts with the articles of their threads', async () => {
    expect(await read('d.xml', DISQUS, 'disqus')).toEqual([
      expect.objectContaining({
        source: 'disqus:5',
        parent: null,
        article: 'ein-artikel',
        name: 'Änne',
        text: 'Erster',
        status: 'approved',
      }),
      expect.objectContaining({
        source: 'disqus:6',
        parent: 'disqus:5',
        article: 'ein-artikel',
        status: 'trash',
      }),
    ])
  })

  test('that is damaged says so', async () => {
    await expect(read('x.xml', `${WXR.slice(0, 900)}</wp:comment></falsch>`, 'wxr')).rejects.toThrow()
    expect(await read('x.json', '{"source":"mw:1"}\n\nkaputt\n', 'json')).toEqual([{ source: 'mw:1' }, {}])
  })
})

test('every comment comes in a wave behind its parent’s, whatever answers what', () => {
  const rows = fc
    .array(fc.record({ id: fc.nat(20), answers: fc.option(fc.nat(20)) }), { maxLength: 20 })
    .map((made) =>
      [...new Map(made.map((one) => [one.id, one])).values()].map(({ id, answers }) => ({
        source: `x:${id}`,
        parent: answers === null ? null : `x:${answers}`,
      })),
    )
  fc.assert(
    fc.property(rows, (all) => {
      const waves = inWaves(all)
      expect(
        waves
          .flat()
          .map(({ source }) => source)
          .toSorted(),
      ).toEqual(all.map(({ source }) => source).toSorted())
      const seen = new Set<string>()
      const known = new Set(all.map(({ source }) => source))
      const isCircular = (row: { source: string; parent: string | null }) => {
        const path = new Set<string>()
        for (let at: { source: string; parent: string | null } | undefined = row; at; ) {
          if (path.has(at.source)) return true
          path.add(at.source)
          const { parent }: { parent: string | null } = at
          at = all.find(({ source }) => source === parent)
        }
        return false
      }
      for (const wave of waves) {
        for (const row of wave)
          if (row.parent !== null && known.has(row.parent) && !isCircular(row))
            expect(seen.has(row.parent)).toBe(true)
        for (const { source } of wave) seen.add(source)
      }
    }),
  )
})
