import { describe, expect, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { articleFile, type Files, folder, listen, mw, SITE_YAML } from '../support/cli.ts'

const A = 'articles/2026-01-15-a.md'
const B = 'articles/2026-01-16-b.md'

/** Checks a folder and returns its lines, with the folder's own path cut off. */
async function check(files: Files, language = 'de') {
  const dir = folder({ 'site.yaml': SITE_YAML, ...files })
  const { terminal, shown } = listen({ MW_LANG: language })
  const code = await runCheck(dir, false, terminal)
  const lines = shown.out.replaceAll(`${dir}/`, '').trimEnd().split('\n').filter(Boolean)
  return { code, lines, err: shown.err }
}

describe('mw check', () => {
  test('says that all is well, and what it looked at', async () => {
    const { code, lines } = await check({ [A]: articleFile('Ein Titel') })
    expect(lines).toEqual(['In Ordnung: 2 Dokumente, 0 Bilder.'])
    expect(code).toBe(0)
  })

  test.each<[string, Files, unknown[]]>([
    [
      'an unknown key, with the nearest that there is',
      { [A]: articleFile('x', { sektion: 'wirtschaft' }) },
      [`${A}:5: sektion: unbekannter Schlüssel (meinten Sie „section“?)`],
    ],
    [
      'a colour in which text is hard to read, with the numbers',
      { 'site.yaml': `${SITE_YAML}theme:\n  colors:\n    light: { accent: "#e0705f", ink: "#000000" }\n` },
      Array.from({ length: 3 }, () =>
        expect.stringMatching(
          /^site\.yaml:8: theme\.colors\.light\.accent: zu wenig Kontrast: accent #e0705f \/ \w+ #\w+ = \d\.\d+ : 1 \(erwartet: mindestens 4\.5 : 1/,
        ),
      ),
    ],
    [
      'a file name that makes no address, with one that does',
      {
        'articles/2026-01-15-Ärger im Hafen.md': articleFile('x'),
        'articles/2026-01-16-—.md': articleFile('Größer als gedacht'),
      },
      [
        'articles/2026-01-15-Ärger im Hafen.md:1: slug: aus dem Dateinamen wird keine Adresse (erwartet: aerger-im-hafen)',
        'articles/2026-01-16-—.md:1: slug: aus dem Dateinamen wird keine Adresse (erwartet: groesser-als-gedacht)',
      ],
    ],
    [
      'an unknown section, with the nearest that there is',
      { [A]: articleFile('x', { section: 'wirtschat' }) },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:4: section: .*wirtschat.*wirtschaft/)],
    ],
    [
      'a missing title',
      { [A]: articleFile('x').replace('title: x\n', '') },
      [`${A}:1: title: fehlt (erwartet: ein Text mit 1 bis 110 Zeichen)`],
    ],
    [
      'a date without a zone, with what was expected',
      { [A]: articleFile('x', { date: '2026-01-15' }) },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:3: date: .*erwartet: .*Zeitzone/)],
    ],
    [
      'a date that is none, once',
      { [A]: articleFile('x', { date: 'morgen' }) },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:3: date: .*morgen/)],
    ],
    [
      'a picture that is not there',
      { [A]: articleFile('x', { image: '{src: fehlt.svg, alt: Ein Bild}' }) },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:5: image\.src: .*fehlt\.svg/)],
    ],
    [
      'a picture in the text that is not there, on its line',
      { [A]: articleFile('x', {}, 'Text.\n\n![Alt](weg.png)') },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:9: body: .*weg\.png/)],
    ],
    [
      'broken YAML, on its line',
      { [A]: articleFile('x', { tags: '[eins, zwei' }) },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:\d: kein gültiges YAML: /)],
    ],
    [
      'a tab that indents',
      { 'site.yaml': `${SITE_YAML}comments:\n\tmoderation: all\n` },
      ['site.yaml:7: kein gültiges YAML: Tabulator am Zeilenanfang; zum Einrücken dienen Leerzeichen'],
    ],
    [
      'a file that is not UTF-8, on the line where it breaks',
      { [A]: Buffer.from(articleFile('x', {}, 'Über'), 'latin1') },
      [`${A}:7: die Datei ist nicht in UTF-8 gespeichert`],
    ],
    [
      'an author who is not there, with the nearest name',
      {
        'authors/aenne-gross.yaml': 'name: Änne Groß\n',
        [A]: articleFile('x', { author: 'Änne Gros' }),
      },
      [
        `${A}:5: author: unbekannter Wert: Änne Gros (erwartet: eine Autorin oder ein Autor aus content/authors, mit Namen oder Adressteil; meinten Sie „Änne Groß“?)`,
      ],
    ],
    [
      'an author without a name',
      { 'authors/leer.yaml': 'role: Redakteur\n' },
      ['authors/leer.yaml:1: name: fehlt (erwartet: ein Text mit 1 bis 60 Zeichen)'],
    ],
    [
      'an old address that another article claims, too: the first by name keeps it',
      {
        [A]: articleFile('x', { aliases: '[/alt/]' }),
        [B]: articleFile('y', { aliases: '[/neu/, /2020/01/01/Alt]' }),
      },
      [expect.stringMatching(/^articles\/2026-01-16-b\.md:5: aliases\.1: .*\/2020\/01\/01\/Alt → \/a\/$/)],
    ],
    [
      'an old address at which another article is, and one that is its own',
      { [A]: articleFile('x', { aliases: '[/b/, /A]' }), [B]: articleFile('y') },
      [
        expect.stringMatching(/^articles\/2026-01-15-a\.md:5: aliases\.0: .*\/b\/ → \/b\/$/),
        expect.stringMatching(/^articles\/2026-01-15-a\.md:5: aliases\.1: .*\/A$/),
      ],
    ],
    [
      'an article to lead the front page that is not there',
      { 'site.yaml': `${SITE_YAML}front:\n  - {slug: aa}\n`, [A]: articleFile('x', { slug: 'aaa' }) },
      [expect.stringMatching(/^site\.yaml:7: front\.0\.slug: .*aa .*meinten Sie „aaa“/)],
    ],
    [
      'two articles with one address: the first keeps it',
      { [A]: articleFile('x', { slug: 'gleich' }), [B]: articleFile('y', { slug: 'gleich' }) },
      [expect.stringMatching(/^articles\/2026-01-16-b\.md:5: slug: .*„gleich“.*2026-01-15-a\.md/)],
    ],
    [
      'an article with the address of a page: the page keeps it',
      { 'pages/a.md': '---\ntitle: Seite\n---\n\nText.\n', [A]: articleFile('x') },
      [expect.stringMatching(/^articles\/2026-01-15-a\.md:1: slug: .*„a“.*pages\/a\.md/)],
    ],
    ['a head that never ends', { [A]: '---\ntitle: x\n' }, [expect.stringContaining('Kopf hat kein Ende')]],
    ['a missing head', { [A]: 'Text.\n' }, [expect.stringContaining('der Kopf fehlt')]],
    ['a wrong ending', { 'ads/x.yml': 'a: 1\n' }, ['ads/x.yml:1: erwartet: die Endung .yaml']],
    [
      'a picture that is none',
      { 'media/bild.png': 'kein Bild' },
      ['media/bild.png:1: das ist kein Bild, oder nicht das, was seine Endung sagt'],
    ],
  ])('names %s', async (_, files, expected) => {
    const { code, lines } = await check(files)
    expect(lines).toEqual(expected)
    expect(code).toBe(1)
  })

  test('finds every mistake at once, and counts them', async () => {
    const { lines, err } = await check({
      [A]: articleFile('x', { sektion: 'a', titel: 'b' }),
      [B]: articleFile('y', { date: 'gestern' }),
    })
    expect(lines).toHaveLength(3)
    expect(err).toBe('3 Beanstandungen; geprüft: 3 Dokumente, 0 Bilder.\n')
  })

  test('speaks English where English is spoken', async () => {
    const { lines } = await check({ [A]: articleFile('x', { sektion: 'wirtschaft' }) }, 'en')
    expect(lines).toEqual([expect.stringContaining('unknown key (did you mean “section”?)')])
  })

  test('does not let a file move the cursor or turn the text', async () => {
    const { lines } = await check({ [A]: articleFile('x', { '"bö\\e[2Jse\\u202e"': '1' }) })
    expect(lines.join()).not.toContain('\u001b')
    expect(lines.join()).not.toContain('\u202e')
    expect(lines).toHaveLength(1)
  })

  test('leaves hidden files and other people’s files alone', async () => {
    const { code } = await check({
      'articles/.entwurf.md': 'kein Kopf',
      'articles/README.txt': 'kein Kopf',
      '.git/articles/x.md': 'kein Kopf',
    })
    expect(code).toBe(0)
  })
})

describe('the command mw check', () => {
  test('answers with 1 and JSON for machines when something is wrong', async () => {
    const dir = folder({ 'site.yaml': SITE_YAML, [A]: articleFile('x', { sektion: 'a' }) })
    const { code, stdout, stderr } = await mw(['check', dir, '--json'])
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      documents: 2,
      pictures: 0,
      refusals: [
        {
          file: `${dir}/${A}`,
          line: 5,
          key: 'sektion',
          message: 'unbekannter Schlüssel (meinten Sie „section“?)',
        },
      ],
      warnings: [],
    })
    expect(code).toBe(1)
    expect(stderr).toBe('')
  })

  test('answers with 0 and JSON when all is well', async () => {
    const dir = folder({ 'site.yaml': SITE_YAML })
    const { code, stdout } = await mw(['check', dir, '--json'])
    expect(JSON.parse(stdout)).toEqual({ ok: true, documents: 1, pictures: 0, refusals: [], warnings: [] })
    expect(code).toBe(0)
  })

  test('says in one line that there is no such folder', async () => {
    expect(await mw(['check', 'gibt-es-nicht'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Fehler: Den Ordner „gibt-es-nicht“ gibt es nicht.\n',
    })
  })

  test('finds nothing to object to in the content the site ships with', async () => {
    const { code, stdout } = await mw(['check'])
    expect(stdout).toMatch(/^In Ordnung: \d+ Dokumente, \d+ Bilder\.\n$/)
    expect(code).toBe(0)
  })
})
