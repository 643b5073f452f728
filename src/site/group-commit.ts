/** What one request wants to be committed, and what came of it. */
interface Wish {
  readonly statements: readonly D1PreparedStatement[]
  outcome?: { results: D1Result[] } | { error: unknown }
}

/** Requests whose statements go into one transaction, at most: none waits long for the others. */
const MOST_TOGETHER = 25

/**
 * Group commit (DeWitt et al. 1984): while one transaction is on its way to D1, what other requests of this isolate want to
 * write gathers, and goes into the next one together. A request that is alone is sent at once. Each has its results only
 * when they are committed, and its statements stand one behind the other, so `changes()` and `last_insert_rowid()` mean
 * what they mean in a batch of its own.
 */
export class GroupCommit {
  readonly #waiting: Wish[] = []
  #sending: Promise<void> | undefined
  readonly #patienceMs: number

  /** @param patienceMs how long a request relies on another one that sends for both */
  constructor(patienceMs = 5_000) {
    this.#patienceMs = patienceMs
  }

  /**
   * Commits statements in one transaction, perhaps with those of others. They may be sent twice where the request that
   * sent them is gone, so they have to do nothing the second time.
   * @param defer keeps the work going when its client leaves, because others wait for it too
   * @returns the result of each statement, in order
   * @throws what D1 says where it refuses these statements or does not answer
   */
  async commit(
    db: Pick<D1Database, 'batch'>,
    statements: readonly D1PreparedStatement[],
    defer: (work: Promise<unknown>) => void,
  ): Promise<D1Result[]> {
    const own: Wish = { statements }
    this.#waiting.push(own)
    while (!own.outcome) {
      const sending = this.#sending
      if (!sending) await this.#send(db, defer)
      else if (!(await settles(sending, this.#patienceMs))) {
        if (this.#sending === sending) this.#sending = undefined
        if (!this.#waiting.includes(own)) this.#waiting.push(own)
      }
    }
    if ('error' in own.outcome) throw own.outcome.error
    return own.outcome.results
  }

  #send(db: Pick<D1Database, 'batch'>, defer: (work: Promise<unknown>) => void): Promise<void> {
    const sending = send(db, this.#waiting.splice(0, MOST_TOGETHER)).then(() => {
      if (this.#sending === sending) this.#sending = undefined
    })
    this.#sending = sending
    defer(sending)
    return sending
  }
}

/** Sends the wishes in one transaction; where D1 refuses it each by itself, so that none takes the others along. */
async function send(db: Pick<D1Database, 'batch'>, wishes: readonly Wish[]): Promise<void> {
  try {
    const results = await db.batch(wishes.flatMap(({ statements }) => statements))
    let at = 0
    for (const wish of wishes) {
      wish.outcome = { results: results.slice(at, at + wish.statements.length) }
      at += wish.statements.length
    }
  } catch (error) {
    const [only] = wishes
    if (wishes.length === 1 && only) only.outcome = { error }
    else await Promise.all(wishes.map((wish) => send(db, [wish])))
  }
}

/** Whether work ends within the time that somebody waits for it. */
function settles(work: Promise<void>, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs)
    void work.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
