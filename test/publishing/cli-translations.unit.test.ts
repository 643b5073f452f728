import { describe, expect, test } from 'vitest'
import { runCheck } from '../../src/cli/check.ts'
import { articleFile, type Files, folder, listen, SITE_YAML } from '../support/cli.ts'

const DE = 'articles/2026-01-15-handel.md'
const EN = 'articles/2026-01-15-trade.md'

async function check(files: Files): Promise<string[]> {
  const dir = folder({ 'site.yaml': SITE_YAML, ...files })
  const { terminal, shown } = listen({ MW_LANG: 'de' })
  await runCheck(dir, false, terminal)
  return shown.out.replaceAll(`${dir}/`, '').trimEnd().split('\n').filter(Boolean)
}

describe('mw check, of translations', () => {
  test('takes two articles that name each other', async () => {
    expect(
      await check({
        [DE]: articleFile('Handel', { translations: '{en: trade}' }),
        [EN]: articleFile('Trade', { language: 'en', translations: '{de: handel}' }),
      }),
    ).toEqual([expect.stringMatching(/^In Ordnung/)])
  })

  test.each<[string, Files, string]>([
    [
      'one that is not there, with the nearest that is',
      {
        [DE]: articleFile('Handel', { translations: '{en: trad}' }),
        [EN]: articleFile('Trade', { language: 'en' }),
      },
      `${DE}:5: translations.en: unbekannter Wert: trad`,
    ],
    [
      'one that does not name this one back',
      {
        [DE]: articleFile('Handel', { translations: '{en: trade}' }),
        [EN]: articleFile('Trade', { language: 'en' }),
      },
      `${DE}:5: translations.en: der genannte Artikel nennt diesen nicht als seine Übersetzung: trade`,
    ],
    [
      'one that is in another language',
      { [DE]: articleFile('Handel', { translations: '{en: trade}' }), [EN]: articleFile('Trade') },
      `${DE}:5: translations.en: der genannte Artikel ist nicht in dieser Sprache: trade`,
    ],
    [
      'the article itself',
      { [DE]: articleFile('Handel', { translations: '{en: handel}' }) },
      `${DE}:5: translations.en: das ist der Artikel selbst`,
    ],
    [
      'a language that the site does not know',
      { [DE]: articleFile('Handel', { translations: '{fr: commerce}' }) },
      `${DE}:5: translations.fr: unbekannter Schlüssel`,
    ],
  ])('refuses %s', async (_, files, line) => {
    const lines = await check(files)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(line.split(': ').slice(0, 2).join(': '))
    expect(lines[0]).toContain(line.split(': ')[2])
  })
})
