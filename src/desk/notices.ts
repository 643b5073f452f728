import { NO_STORE } from '../http/headers.ts'
import { redirect } from '../http/page.ts'
import type { Texts } from '../locale/de.ts'

/** What is said on the page that follows after something was done; the address names it, so that a reload says it again. */
export type NoticeName = keyof Texts['desk']['notices']

/** Back to a page of the desk, with a word about what was done. */
export const backTo = (path: string, notice: NoticeName): Response => {
  const [before = '', anchor] = path.split('#')
  const query = `${before.includes('?') ? '&' : '?'}meldung=${notice}`
  return redirect(`${before}${query}${anchor === undefined ? '' : `#${anchor}`}`, 303, NO_STORE)
}

/** Reads what an address says was done. */
export function noticeIn(url: string, texts: Texts): { text: string | null; isWrong: boolean } {
  const name = new URL(url).searchParams.get('meldung') ?? ''
  const notices: Readonly<Record<string, string>> = texts.desk.notices
  return {
    text: Object.hasOwn(notices, name) ? (notices[name] ?? null) : null,
    isWrong: /^(?:not|last)/.test(name),
  }
}
