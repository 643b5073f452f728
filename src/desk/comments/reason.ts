import type { Reason } from '../../comment/queue-store.ts'
import type { Site } from '../../site/site.ts'

/** A reason of the judge in words: „3 Links (+1,5)“. */
export function sayReason({ signal, score, values }: Reason, site: Site): string {
  const { judge } = site.texts.desk
  const signals: Readonly<Record<string, (...values: (string | number)[]) => string>> = judge.signals
  const say = Object.hasOwn(signals, signal) ? signals[signal] : undefined
  const figure = new Intl.NumberFormat(site.settings.language === 'en' ? 'en-GB' : 'de-DE', {
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
  }).format(score)
  return `${say ? say(...values) : signal} (${figure})`
}
