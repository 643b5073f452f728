import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as v from 'valibot'

/**
 * Writes src/comment/lookalikes.ts: the characters that look like a Latin letter or a figure, from Unicode's list of
 * confusables (UTS #39) as the package `unhomoglyph` has it. Only those, because only Latin names are protected.
 */
const Data = v.record(v.string(), v.string())
const data = v.parse(Data, createRequire(import.meta.url)('unhomoglyph/data.json'))
const byLetter = new Map<string, string[]>()
for (const [from, to] of Object.entries(data)) {
  const letter = to.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  // What compatibility forms and case make of it needs no entry.
  if (
    !/^[a-z0-9]{1,2}$/.test(letter) ||
    from.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase() === letter
  )
    continue
  byLetter.set(letter, [...(byLetter.get(letter) ?? []), from])
}
const lines = [...byLetter]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(
    ([letter, from]) =>
      `  ${/^\d/.test(letter) ? `'${letter}'` : letter}: '${from.sort().join('').replaceAll("'", "\\'").replaceAll('\\\\', '\\\\')}',`,
  )
const text = `/** Made by \`npm run lookalikes\` from Unicode's confusables (UTS #39): what looks like a Latin letter or a figure. */
export const LOOKALIKES: Readonly<Record<string, string>> = {
${lines.join('\n')}
}
`
writeFileSync(join(import.meta.dirname, '../comment/lookalikes.ts'), text)
