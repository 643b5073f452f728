import { describe, expect, test } from 'vitest'
import {
  checkToken,
  makeToken,
  ownCommentPath,
  readOwnComment,
  signOwnComment,
} from '../../src/comment/token.ts'
import { Keys } from '../../src/http/keys.ts'
import { slug } from '../support/fixture.ts'

const keys = new Keys('a-secret-for-tests-that-is-long-enough')
const others = new Keys('another-secret-that-is-long-enough-too')
const article = slug('artikel')
const made = new Date('2026-01-01T12:00:00Z')
const secondsLater = (seconds: number) => new Date(made.getTime() + seconds * 1000)

describe("a form's token", () => {
  test.each([
    [0, 'early'],
    [1, 'early'],
    [2, 'ok'],
    [48 * 3600, 'ok'],
    [48 * 3600 + 1, 'expired'],
    [-60, 'early'],
  ])('is, %i seconds after the page was made, %s', async (seconds, expected) => {
    const token = await makeToken(keys, article, made)
    expect(await checkToken(keys, article, token, secondsLater(seconds))).toBe(expected)
  })

  test('is worth nothing on another article, with another secret, or changed', async () => {
    const token = await makeToken(keys, article, made)
    const [seconds = '', hash = ''] = token.split('.')
    const later = (Number.parseInt(seconds, 36) + 1).toString(36)
    expect(await checkToken(keys, slug('anderer'), token, secondsLater(60))).toBe('expired')
    expect(await checkToken(others, article, token, secondsLater(60))).toBe('expired')
    for (const wrong of [
      '',
      '.',
      token.slice(1),
      `${token}x`,
      `${later}.${hash}`,
      `${seconds}.${'A'.repeat(22)}`,
    ]) {
      expect(await checkToken(keys, article, wrong, secondsLater(60))).toBe('expired')
    }
  })
})

describe("the address of one's own comment", () => {
  const paramOf = (path: string) => new URL(path, 'https://beispiel.de').searchParams.get('kommentar')

  test('leads to it', async () => {
    const own = await signOwnComment(keys, article, 17)
    const path = ownCommentPath(article, own)
    expect(path).toMatch(/^\/artikel\/\?kommentar=17\.[\w-]{22}#kommentar-17$/)
    expect(await readOwnComment(keys, article, paramOf(path))).toEqual(own)
  })

  test('opens no other comment, on no other article', async () => {
    const { key: param } = await signOwnComment(keys, article, 17)
    expect(await readOwnComment(keys, slug('anderer'), param)).toBeNull()
    expect(await readOwnComment(keys, article, param.replace('17', '18'))).toBeNull()
    expect(await readOwnComment(others, article, param)).toBeNull()
    for (const wrong of [null, '', '17', '17.', 'x.y'])
      expect(await readOwnComment(keys, article, wrong)).toBeNull()
  })
})
