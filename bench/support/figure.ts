/** How much work a run puts into its figures. */
export interface Effort {
  /** Interleaved rounds, each of which measures both Workers once. */
  rounds: number
  /** Factor on the number of requests of a full run. */
  scale: number
}

/** One line of the table. */
export interface Figure {
  figure: string
  measured: string
  target: string
  isMet: boolean
  /** What the line was made of, for the JSON. */
  details: Readonly<Record<string, unknown>>
}

/** A file of `bench/`: measures one thing and gives its lines. */
export type Measure = (effort: Effort) => Promise<Figure[]>
