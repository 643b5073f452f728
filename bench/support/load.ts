import { Connection } from './connection.ts'
import { cpuSeconds } from './processes.ts'
import { median, percentile } from './statistics.ts'
import type { RunningWorker } from './workerd.ts'

/** Connections that ask at the same time, each for its next page as soon as it has the last one. */
const CONNECTIONS = 32

export interface Load {
  requests: number
  /** The bytes of a request; gets a number that no other request of the run has. */
  request: (n: number) => Buffer
  /** The status that every answer must have. */
  status: number
  /** Connections that ask at the same time; 32 if not given. */
  connections?: number
}

export interface Outcome {
  perSecond: number
  p95Ms: number
  p99Ms: number
  /** Processor time of workerd for one request, in microseconds; NaN where the system does not tell. */
  cpuMicroseconds: number
}

let sent = 0

/** Sends requests to a Worker in a closed loop and makes sure that every one was answered as it should. */
export async function load(
  worker: RunningWorker,
  { requests, request, status, connections: at = CONNECTIONS }: Load,
): Promise<Outcome> {
  const port = Number(new URL(worker.url).port)
  const connections = await Promise.all(Array.from({ length: at }, () => Connection.open(port)))
  const latencies: number[] = []
  let left = requests
  const cpuBefore = await cpuSeconds(worker.pid)
  const start = performance.now()
  const work = async (connection: Connection) => {
    while (left-- > 0) {
      const bytes = request(sent++)
      const before = performance.now()
      const answered = await connection.exchange(bytes)
      latencies.push(performance.now() - before)
      if (answered !== status) throw new Error(`answered ${answered}, not ${status}`)
    }
  }
  await Promise.all(connections.map(work))
  const seconds = (performance.now() - start) / 1000
  const cpu = (await cpuSeconds(worker.pid)) - cpuBefore
  for (const connection of connections) connection.close()
  return {
    perSecond: requests / seconds,
    p95Ms: percentile(latencies, 0.95),
    p99Ms: percentile(latencies, 0.99),
    cpuMicroseconds: (cpu / requests) * 1_000_000,
  }
}

/** One side of a comparison: a Worker and what is asked of it. */
export interface Side extends Load {
  worker: RunningWorker
}

/** What both sides achieved, round by round. */
export interface Comparison {
  ours: Outcome[]
  bare: Outcome[]
}

/**
 * Measures two Workers in turn, A B A B …, after both have warmed up; while one works, the other idles.
 * @param warmUp loads that each answers before it counts
 */
export async function compare(
  rounds: number,
  ours: Side,
  bare: Side,
  warmUp = 1,
): Promise<Comparison & { sent: number }> {
  const outcomes: Comparison = { ours: [], bare: [] }
  for (let round = 0; round < warmUp; round++) {
    for (const side of [bare, ours]) await load(side.worker, side)
  }
  for (let round = 0; round < rounds; round++) {
    outcomes.bare.push(await load(bare.worker, bare))
    outcomes.ours.push(await load(ours.worker, ours))
  }
  return { ...outcomes, sent: ours.requests * (rounds + warmUp) }
}

/** `0.95 (11500 : 12100)`: a ratio and the medians on both sides. */
export function ratioText(
  ratio: number,
  ours: readonly number[],
  bare: readonly number[],
  digits = 0,
): string {
  const [mine, least] = [ours, bare].map((values) => median(values).toFixed(digits))
  return `${ratio.toFixed(2)} (${mine} : ${least})`
}

/** `CPU 103 : 93 µs`: workerd's processor time for a request, which other programs disturb less than the clock. */
export function cpuText({ ours, bare }: Comparison): string {
  const [mine, least] = [ours, bare].map((side) =>
    median(side.map((outcome) => outcome.cpuMicroseconds)).toFixed(0),
  )
  return `CPU ${mine} : ${least} µs`
}
