import { LOOKALIKES } from './lookalikes.ts'

const LETTERS = new Map(
  Object.entries(LOOKALIKES).flatMap(([letter, characters]) =>
    [...characters].map((character) => [character, letter] as const),
  ),
)

/**
 * What a name looks like: two names that somebody takes for the same have the same (after UTS #39 §4, „skeleton“, for
 * Latin letters). Case, accents, spaces and signs make no difference; nor do letters of other scripts that look alike,
 * 0 and o, or 1, I and l.
 */
export const lookalike = (name: string): string =>
  [...name.normalize('NFKD').replace(/\p{M}/gu, '')]
    .map((character) => LETTERS.get(character) ?? character)
    .join('')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}|]/gu, '')
    .replace(/[i1|]/g, 'l')
    .replace(/0/g, 'o')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')

const known = new Map<string, string>()
/** The same for the few names that are asked for with every comment. */
function rememberedLookalike(name: string): string {
  const found = known.get(name)
  if (found !== undefined) return found
  const looks = lookalike(name)
  known.set(name, looks)
  return looks
}

/**
 * Whether a name looks as if its bearer spoke for the newsroom. People who do are known by the desk, not by this.
 * @param looks what the name looks like
 */
export const looksOfficial = (looks: string, site: string, badge: string): boolean =>
  looks === rememberedLookalike(site) || looks.includes(rememberedLookalike(badge))
