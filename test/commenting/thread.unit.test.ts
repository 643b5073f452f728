import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Comment } from '../../src/comment/comment.ts'
import { arrange, type Discussion, type Entry, readDiscussion } from '../../src/comment/thread.ts'
import { type CommentView, PLAIN, queryOf, type Reading, readCommentView } from '../../src/comment/view.ts'

const comment = (id: number, more: Partial<Comment> = {}): Comment => ({
  id,
  name: `Name ${id}`,
  website: null,
  text: 'Text',
  html: '<p>Text</p>',
  createdAt: '2026-01-01T00:00:00Z',
  editedAt: null,
  status: 'approved',
  avatar: '',
  replies: 0,
  thread: null,
  branch: null,
  answers: null,
  shortened: null,
  isStaff: false,
  isPinned: false,
  ...more,
})

/** What a page shows, as nested numbers; an empty place is a number in brackets. */
const shape = (entries: readonly Entry[]): unknown[] =>
  entries.flatMap(({ id, comment: it, answers }) => [
    it ? id : `(${id})`,
    ...(answers.length > 0 ? [shape(answers)] : []),
  ])

const OLDEST: CommentView = { kind: 'threads', order: 'oldest', from: null }

describe('threads', () => {
  test('have each answer below what it answers, three deep, in the order in which they were written', () => {
    const { threads } = arrange(
      [comment(1, { replies: 4 }), comment(2)],
      [
        comment(9, { thread: 1, branch: 3 }),
        comment(3, { thread: 1 }),
        comment(7, { thread: 1, branch: 3 }),
        comment(5, { thread: 1 }),
      ],
      OLDEST,
    )
    expect(shape(threads)).toEqual([1, [3, [7, 9], 5], 2])
  })

  test('keep an empty place where a comment is gone that was answered', () => {
    const heads = [comment(1, { status: 'trash', replies: 2 })]
    const replies = [comment(7, { thread: 1, branch: 3 }), comment(8, { thread: 1 })]
    expect(shape(arrange(heads, replies, OLDEST).threads)).toEqual(['(1)', ['(3)', [7], 8]])
  })

  test('stand twenty to a page; the one that follows is known', () => {
    const heads = Array.from({ length: 21 }, (_, n) => comment(n + 1, { replies: n }))
    expect(arrange(heads, [], OLDEST).next).toEqual({ id: 21, replies: 20 })
    expect(arrange(heads.slice(1), [], OLDEST).next).toBeNull()
    expect(arrange(heads, [], { ...OLDEST, order: 'newest' }).next).toEqual({ id: 1, replies: 0 })
    const { threads } = arrange(heads, [], { ...OLDEST, order: 'answered' })
    expect(threads.map(({ replies }) => replies)).toEqual(Array.from({ length: 20 }, (_, n) => 20 - n))
  })

  test('show eight answers among others and say from where on there are more', () => {
    const replies = Array.from({ length: 9 }, (_, n) => comment(n + 2, { thread: 1 }))
    const [thread] = arrange([comment(1, { replies: 9 })], replies, OLDEST).threads
    expect(thread).toMatchObject({ replies: 9, restFrom: 10 })
    expect(thread?.answers).toHaveLength(8)
  })

  /** Trees as readers would grow them: each comment answers one that was there before, or none. */
  const grown = fc
    .array(fc.record({ answers: fc.nat(), status: fc.constantFrom('approved', 'trash' as const) }), {
      maxLength: 30,
    })
    .map((made) => {
      const all: Comment[] = []
      for (const [index, { answers, status }] of made.entries()) {
        const parent = all[answers % (index + 1)]
        const thread = parent ? (parent.thread ?? parent.id) : null
        const branch = parent && parent.thread !== null ? (parent.branch ?? parent.id) : null
        all.push(comment(index + 1, { thread, branch, status }))
      }
      for (const one of all)
        one.replies = all.filter(({ thread, status }) => thread === one.id && status === 'approved').length
      return all
    })

  test('show every published comment once, nothing else, at most three deep, and no empty place for nothing', () => {
    fc.assert(
      fc.property(grown, (all) => {
        const published = all.filter(({ status }) => status === 'approved')
        const heads = all.filter(({ thread }) => thread === null).slice(0, 20)
        const kept = new Set(heads.map(({ id }) => id))
        const replies = published.filter(({ thread }) => thread !== null && kept.has(thread))
        fc.pre(heads.every(({ replies }) => replies <= 8))
        const { threads } = arrange(heads, replies, OLDEST)
        const shown: number[] = []
        const walk = (entries: readonly Entry[], depth: number) => {
          for (const entry of entries) {
            expect(depth).toBeLessThanOrEqual(3)
            if (entry.comment) shown.push(entry.id)
            else expect(entry.answers.length).toBeGreaterThan(0)
            walk(entry.answers, depth + 1)
          }
        }
        walk(threads, 1)
        const expected = published.filter(({ id, thread }) => kept.has(thread ?? id)).map(({ id }) => id)
        expect(shown.toSorted((a, b) => a - b)).toEqual(expected)
      }),
    )
  })
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

describe("a reader's own comment", () => {
  /** The discussion as its author sees it. */
  const seen = (own: Comment, page: Comment[][], ofOwn: Comment[][]): Discussion => {
    const reading: Reading = { ...PLAIN, own: { id: own.id, key: 'signed' } }
    const rows = (comments: Comment[] = []) =>
      comments.map((one) => ({ ...one, isStaff: Number(one.isStaff), isPinned: Number(one.isPinned) }))
    const state = [{ count: 1, closedAt: null, stoppedAt: null }]
    const found = [state, [], rows([own]), rows(page[0]), rows(page[1]), rows(ofOwn[0]), rows(ofOwn[1])]
    return readDiscussion(
      found.map((one) => result(one)),
      reading,
    )
  }
  const waiting = (id: number, more: Partial<Comment> = {}) => comment(id, { status: 'pending', ...more })

  test('stands last although it waits', () => {
    const own = waiting(9)
    const discussion = seen(own, [[comment(1)], []], [[own], []])
    expect(shape(discussion.threads)).toEqual([1, 9])
    expect(discussion.own).toEqual({ comment: own, key: 'signed' })
  })

  test('stands below what it answers', () => {
    const own = waiting(9, { thread: 1, branch: 3 })
    const thread = [[comment(1, { replies: 1 })], [comment(3, { thread: 1 })]]
    expect(shape(seen(own, thread, thread).threads)).toEqual([1, [3, [9]]])
  })

  test('brings its thread along where the page has it not', () => {
    const own = waiting(90, { thread: 50 })
    const ofOwn = [[comment(50, { replies: 1 })], [comment(60, { thread: 50 })]]
    expect(shape(seen(own, [[comment(1)], []], ofOwn).threads)).toEqual([1, 50, [60, 90]])
  })

  test('is shown below nothing where all that it answered is gone', () => {
    const own = waiting(9, { thread: 1, branch: 3 })
    expect(shape(seen(own, [[], []], [[comment(1, { status: 'deleted' })], []]).threads)).toEqual([
      '(1)',
      ['(3)', [9]],
    ])
  })

  test('is there once when it is published', () => {
    const own = comment(9)
    expect(shape(seen(own, [[comment(5), own], []], [[own], []]).threads)).toEqual([5, 9])
  })

  test('is not shown when the newsroom threw it away', () => {
    const own = comment(9, { status: 'trash' })
    const discussion = seen(own, [[comment(5)], []], [[own], []])
    expect(shape(discussion.threads)).toEqual([5])
    expect(discussion.own).toBeNull()
  })
})

test('there are none where D1 knows none', () => {
  expect(readDiscussion([], PLAIN)).toMatchObject({ threads: [], count: 0, next: null })
})

describe('the address of a page of comments', () => {
  const id = fc.integer({ min: 1, max: 1e9 })
  const view: fc.Arbitrary<CommentView> = fc.oneof(
    id.map((from) => ({ kind: 'thread' as const, from })),
    fc.record({
      kind: fc.constant('threads' as const),
      order: fc.constantFrom('oldest' as const, 'newest' as const),
      from: fc.option(id.map((one) => ({ id: one, replies: 0 }))),
    }),
    fc.record({
      kind: fc.constant('threads' as const),
      order: fc.constant('answered' as const),
      from: fc.option(fc.record({ id, replies: fc.nat(1e6) })),
    }),
  )

  test('says which page it is, and the same page has the same address', () => {
    fc.assert(
      fc.property(view, (one) => {
        const query = queryOf(one)
        expect(readCommentView(new URLSearchParams(query))).toEqual(one)
      }),
    )
  })

  test('may hold anything and is read as some page', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (zu, kommentare, ab) => {
        const read = readCommentView(new URLSearchParams({ zu, kommentare, ab }))
        expect(readCommentView(new URLSearchParams(queryOf(read)))).toEqual(read)
      }),
    )
  })
})
