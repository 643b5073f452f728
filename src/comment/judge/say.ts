import type { Texts } from '../../locale/de.ts'
import type { Site } from '../../site/site.ts'
import type { Reason } from '../queue-store.ts'

/** A reason of the judge in words: „3 Links (+2,2)“. */
export function sayReason({ signal, score, values }: Reason, site: Site): string {
  const figure = new Intl.NumberFormat(site.settings.language === 'en' ? 'en-GB' : 'de-DE', {
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
  }).format(score)
  return `${saySignal(signal, values[0] ?? '', site.texts)} (${figure})`
}

function saySignal(signal: string, value: string | number, texts: Texts): string {
  const { plain, named, counted } = texts.desk.judge.signals
  const own = <T>(group: Readonly<Record<string, T>>): T | undefined =>
    Object.hasOwn(group, signal) ? group[signal] : undefined
  return own(plain) ?? own(named)?.(String(value)) ?? own(counted)?.(Number(value)) ?? signal
}
