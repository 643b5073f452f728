import { describe, expect, test } from 'vitest'
import { languageOf, openTerminal, printable, printableJson, printableLines } from '../../src/cli/terminal.ts'
import { freePort, mw } from '../support/cli.ts'

describe('the command line', () => {
  test('explains itself in German', async () => {
    const { code, stdout } = await mw(['--help'])
    expect(stdout).toContain('Aufruf: mw [Optionen] [Befehl]')
    expect(stdout).toMatch(/check \[Optionen\] \[dir\]\s+prüft die Inhalte/)
    expect(stdout).toContain('Rückgabewerte: 0 in Ordnung')
    expect(code).toBe(0)
  })

  test('explains itself in English', async () => {
    const { code, stdout } = await mw(['comments', 'list', '--help'], { env: { MW_LANG: 'en' } })
    expect(stdout).toContain('Usage: mw comments list [options]')
    expect(stdout).toMatch(/--status <status>\s+only comments with this status/)
    expect(stdout).toContain('(default: pending)')
    expect(code).toBe(0)
  })

  test('explains a command by „mw help“', async () => {
    const { stdout } = await mw(['help', 'publish'])
    expect(stdout).toContain('Aufruf: mw publish [Optionen] [dir]')
  })

  test('shows its help when nothing was asked of it', async () => {
    const { code, stderr, stdout } = await mw([])
    expect(stdout + stderr).toContain('Aufruf: mw')
    expect(code).toBe(2)
  })

  test.each([
    [
      'an option with a typo',
      ['publish', '--dryrun'],
      'Die Option --dryrun gibt es nicht. Meinten Sie --dry-run?',
    ],
    ['a command with a typo', ['publsh'], 'Den Befehl „publsh“ gibt es nicht. Meinten Sie publish?'],
    ['a command nobody knows', ['zaubern'], 'Den Befehl „zaubern“ gibt es nicht.'],
    ['an option without its value', ['publish', '--to'], 'Die Option --to <url> braucht einen Wert.'],
    ['a missing argument', ['comments', 'approve'], 'Die Angabe IDS fehlt.'],
    ['an argument too many', ['check', 'a', 'b'], 'Das sind zu viele Angaben.'],
    ['no port', ['dev', '--port', '70000'], '„70000“ ist kein Port; erwartet: eine Zahl von 1 bis 65535'],
    [
      'no address',
      ['publish', '--to', 'beispiel.de'],
      '„beispiel.de“ ist keine Adresse einer Site; erwartet: https://beispiel.de',
    ],
    [
      'no status',
      ['comments', 'list', '--status', 'neu'],
      '„neu“ ist kein Stand; erwartet: pending, approved, spam oder trash',
    ],
    [
      'no number',
      ['comments', 'list', '--limit', '0'],
      '„0“ ist keine Anzahl; erwartet: eine ganze Zahl ab 1',
    ],
    [
      'no comment',
      ['comments', 'spam', '7', 'acht'],
      '„acht“ ist keine Kommentarnummer; erwartet: eine Zahl',
    ],
    [
      'no day',
      ['ads', 'report', '--from', '2026-02-30'],
      '„2026-02-30“ ist kein Tag; erwartet: JJJJ-MM-TT, wie 2026-01-31',
    ],
    [
      'days the wrong way round',
      ['ads', 'report', '--from', '2026-02-02', '--to-day', '2026-02-01'],
      'Der erste Tag liegt nach dem letzten.',
    ],
    ['two formats at once', ['ads', 'report', '--json', '--csv'], '--json und --csv schließen einander aus.'],
  ])('refuses %s in one line, with exit code 2', async (_, args, line) => {
    expect(await mw(args)).toEqual({ code: 2, stdout: '', stderr: `Fehler: ${line}\n` })
  })

  test('says in one line what to do when no site answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, stderr } = await mw(['publish', '--to', url], { env: { MW_TOKEN: 'x'.repeat(20) } })
    expect(stderr).toBe(
      `Fehler: ${url} antwortet nicht. Läuft die Site? („npm run dev“ startet sie auf diesem Rechner.)\n`,
    )
    expect(code).toBe(1)
  })

  test('says in one line that the token is missing', async () => {
    const { code, stderr } = await mw(['publish', '--to', 'https://beispiel.de'])
    expect(stderr).toMatch(/^Fehler: Für https:\/\/beispiel\.de fehlt der Zugangsschlüssel.*\n$/)
    expect(code).toBe(1)
  })
})

describe('the terminal', () => {
  const open = (env: Record<string, string>, isTTY: boolean) => {
    let written = ''
    const write = (text: string) => {
      written += text
    }
    const stream = { isTTY, write }
    return { terminal: openTerminal({ env, stdout: stream, stderr: stream }), written: () => written }
  }

  test.each([
    ['a terminal', {}, true, true],
    ['a pipe', {}, false, false],
    ['a terminal whose owner wants none', { NO_COLOR: '1' }, true, false],
    ['a terminal that can’t', { TERM: 'dumb' }, true, false],
  ])('colours what goes to %s: %o', (_, env, isTTY, isColoured) => {
    expect(open(env, isTTY).terminal.paint('red', 'rot') !== 'rot').toBe(isColoured)
  })

  test('shows progress where somebody looks, and takes it away before the next line', () => {
    const { terminal, written } = open({}, true)
    terminal.progress('1 von 2')
    terminal.out('fertig')
    expect(written()).toBe('\r\u001b[K1 von 2\r\u001b[Kfertig\n')
  })

  test('shows no progress in a pipe', () => {
    const { terminal, written } = open({}, false)
    terminal.progress('1 von 2')
    terminal.progress(null)
    expect(written()).toBe('')
  })

  test.each([
    [{}, 'de'],
    [{ LANG: 'de_DE.UTF-8' }, 'de'],
    [{ LANG: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en_GB.UTF-8', MW_LANG: 'de' }, 'de'],
    [{ LANG: 'C' }, 'de'],
  ])('speaks, with %o, %s', (env, language) => {
    expect(languageOf(env)).toBe(language)
  })

  test('shows other people’s text without what would move the cursor or turn the text', () => {
    expect(printable('a\u001b[2Jb\u202ec\r\nd\u0007')).toBe('abc d')
    expect(printableLines('a\u001b[2Jb\r\nc\u009bd')).toBe('ab\ncd')
    expect(printableJson({ a: 'b\u202e\u009b' })).toBe('{\n  "a": "b\\u202e\\u009b"\n}')
  })
})
