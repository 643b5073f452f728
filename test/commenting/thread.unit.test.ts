import { describe, expect, test } from 'vitest'
import type { Comment } from '../../src/comment/comment.ts'
import { readThread } from '../../src/comment/thread.ts'

const comment = (id: number, status: Comment['status'] = 'approved'): Comment => ({
  id,
  name: `Name ${id}`,
  website: null,
  text: 'Text',
  html: '<p>Text</p>',
  createdAt: '2026-01-01T00:00:00Z',
  status,
})

const meta = {
  duration: 0,
  size_after: 0,
  rows_read: 0,
  rows_written: 0,
  last_row_id: 0,
  changed_db: false,
  changes: 0,
}
const result = (rows: unknown[]): D1Result => ({ success: true, results: rows, meta })
const thread = (newest: Comment[], own: Comment[] = [], before: number | null = null) =>
  readThread([result(newest), result([{ count: newest.length, closedAt: null }]), result(own)], {
    before,
    own: own[0]?.id ?? null,
  })
const down = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => comment(from - index))

describe("an article's comments", () => {
  test('stand with the newest last', () => {
    expect(thread(down(3, 3)).comments.map(({ id }) => id)).toEqual([1, 2, 3])
  })

  test('stand 50 to a page, with a way to the older ones', () => {
    expect(thread(down(60, 50)).olderThan).toBeNull()
    const { comments, olderThan } = thread(down(60, 51))
    expect(comments.map(({ id }) => id)).toEqual(
      down(60, 50)
        .map(({ id }) => id)
        .reverse(),
    )
    expect(olderThan).toBe(11)
  })

  test('know whether these are the newest, so that older ones lead back', () => {
    expect(thread(down(60, 50)).isNewest).toBe(true)
    expect(thread(down(10, 10), [], 11).isNewest).toBe(false)
  })

  test("show the reader's own one in its place, although it waits", () => {
    const { comments, own } = thread([comment(9), comment(3)], [comment(5, 'pending')])
    expect(comments.map(({ id }) => id)).toEqual([3, 5, 9])
    expect(own?.id).toBe(5)
  })

  test('show it once when it is published', () => {
    expect(thread([comment(9), comment(5)], [comment(5)]).comments.map(({ id }) => id)).toEqual([5, 9])
  })

  test('do not show it when the newsroom threw it away', () => {
    const { comments, own } = thread([comment(9)], [comment(5, 'trash')])
    expect(comments.map(({ id }) => id)).toEqual([9])
    expect(own).toBeNull()
  })

  test('are none where D1 knows none', () => {
    expect(readThread([], { before: null, own: null })).toMatchObject({
      comments: [],
      count: 0,
      olderThan: null,
    })
  })
})
