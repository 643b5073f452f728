import { AES } from '@stablelib/aes'
import { CMAC } from '@stablelib/cmac'
import { utf8 } from '../http/bytes.ts'
import { PLACEMENTS, type Placement } from './placements.ts'

/** Which ad stands where, and for whom, as far as a token says it. */
export interface Spot {
  /** 12 bits of the creative's id: what stands first in a campaign today may not tomorrow. See `creativeHash`. */
  readonly creative: number
  readonly placement: Placement
  /** 15 bits of the section's name; 0 where the page has none. See `hashOf`. */
  readonly section: number
  /** ISO 3166-1 alpha-2; null where it is unknown. */
  readonly country: string | null
  readonly device: 'phone' | 'desktop' | null
}

/** What is known of one view of one ad when it is written into a page. */
export interface AdView extends Spot {
  /** Seconds since 1970. */
  readonly mintedAt: number
}

/** Characters of a token. 168 bits fill them, so no two texts are the same token. */
export const TOKEN_LENGTH = 28

/** What leads nowhere and counts nothing, where a token's place is taken before there is one. */
export const NO_TOKEN = 'A'.repeat(TOKEN_LENGTH)
export const UNCOUNTED = utf8(NO_TOKEN)

/** Clocks of two machines may differ by this much. */
const SKEW_SECONDS = 60

/** Seconds are counted from here, 2026-01-01: 30 bits last until 2060. */
const EPOCH = Date.UTC(2026, 0, 1) / 1000
const DEVICES = [null, 'phone', 'desktop'] as const

const MOST_KEYS = 2000

/** AES-CMAC (RFC 4493) with a key of its own: 128 bits that nobody makes who does not have it. Good for many texts. */
export const cmacOf = (key: Uint8Array): CMAC => new CMAC(new AES(key, true))

/** The key of a site's tokens, from which each campaign has one of its own: a token of one is none of another. */
export class TokenKeys {
  readonly #site: CMAC
  readonly #known = new Map<string, CMAC>()

  /** @param key sixteen secret bytes */
  constructor(key: Uint8Array) {
    this.#site = cmacOf(key)
  }

  /** What signs a campaign's tokens: its key is the CMAC of its id (NIST SP 800-108 derives keys like that). */
  of(campaign: string): CMAC {
    const known = this.#known.get(campaign)
    if (known) return known
    if (this.#known.size >= MOST_KEYS) this.#known.clear()
    const made = cmacOf(this.#site.reset().update(utf8(campaign)).digest())
    this.#known.set(campaign, made)
    return made
  }
}

/** What is signed, and its signature: four numbers each, and the bytes that they are. */
const signed = new Uint32Array(4)
const signedBytes = new Uint8Array(signed.buffer)
const signature = new Uint32Array(4)
const signatureBytes = new Uint8Array(signature.buffer)

/**
 * Makes the `signature` of a token, in one block of AES. A token has the first 64 bits of it.
 * @param nonce 32 random bits, which make it one of its own among those of the same second and spot
 */
function sign(key: CMAC, country: number, rest: number, seconds: number, nonce: number): void {
  signed[0] = country
  signed[1] = rest
  signed[2] = seconds
  signed[3] = nonce
  key.reset().update(signedBytes).finish(signatureBytes)
}

/** The token that is being made, by its characters. */
const written = new Uint8Array(TOKEN_LENGTH)
/** Base64url (RFC 4648 §5), by value and by character: both ways are taken with every ad. */
const ALPHABET = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const VALUES = new Int8Array(128).fill(-1)
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value

/**
 * Makes the token of one view: 42 bits that say what is shown where, 30 when, 32 random ones, and a MAC of 64. Short,
 * because little of it compresses, and synchronous, because a page waits for it.
 * @param key its campaign's, see `TokenKeys`
 * @returns its characters in UTF-8, good until the next call: a page is made of bytes, and leaves no garbage behind
 */
export function mintToken(key: CMAC, spot: Spot, mintedAt: number): Uint8Array<ArrayBuffer> {
  const country = codeOf(spot.country)
  const rest = restOf(spot)
  const seconds = mintedAt - EPOCH
  const nonce = randomBits()
  sign(key, country, rest, seconds, nonce)
  const first = signature[0] ?? 0
  const second = signature[1] ?? 0
  write(0, 2, (country << 2) | (rest >>> 30))
  write(2, 5, rest & 0x3fffffff)
  write(7, 5, seconds)
  write(12, 4, nonce >>> 8)
  write(16, 4, ((nonce & 0xff) << 16) | (first >>> 16))
  write(20, 4, ((first & 0xffff) << 8) | (second >>> 24))
  write(24, 4, second & 0xffffff)
  return written
}

/** Writes a number of six bits a character, the highest first. */
function write(at: number, length: number, value: number): void {
  for (let index = at + length - 1, left = value; index >= at; index--, left >>>= 6)
    written[index] = ALPHABET[left & 63] ?? 0
}

/** The number that stands in some characters of a token, five at most; below 0 where one of them is none of base64url. */
function read(token: string, at: number, length: number): number {
  let value = 0
  for (let index = at; index < at + length; index++) {
    const six = VALUES[token.charCodeAt(index)] ?? -1
    if (six < 0) return -1
    value = (value << 6) | six
  }
  return value
}

/** Where an ad stands but the country, in 32 bits. */
const restOf = ({ creative, placement, section, device }: Omit<Spot, 'country'>): number =>
  ((DEVICES.indexOf(device) << 30) | (PLACEMENTS.indexOf(placement) << 27) | (creative << 15) | section) >>> 0

/** All that a token says but when, as one number. */
export const spotNumber = (spot: Spot): number => codeOf(spot.country) * 2 ** 32 + restOf(spot)

/** Random numbers, fetched many at a time: asking for them costs more than they do. */
const random = new Uint32Array(1024)
let used = random.length

function randomBits(): number {
  if (used === random.length) {
    crypto.getRandomValues(random)
    used = 0
  }
  return random[used++] ?? 0
}

/**
 * What a token says, if this site made it for this campaign and it is not too old.
 * @param key the campaign's, see `TokenKeys`
 * @param now milliseconds since 1970
 * @param maxAgeSeconds how long after the page was sent it is good
 * @returns null for one that is forged, changed, of another campaign, too old, or from more than a minute ahead
 */
export function readToken(
  key: CMAC,
  token: string | null,
  now: number,
  maxAgeSeconds: number,
): AdView | null {
  if (token?.length !== TOKEN_LENGTH) return null
  const head = read(token, 0, 2)
  const tail = read(token, 2, 5)
  const seconds = read(token, 7, 5)
  const a = read(token, 12, 4)
  const b = read(token, 16, 4)
  const c = read(token, 20, 4)
  const d = read(token, 24, 4)
  if ((head | tail | seconds | a | b | c | d) < 0) return null
  const country = head >>> 2
  const rest = ((head << 30) | tail) >>> 0
  sign(key, country, rest, seconds, (a << 8) | (b >>> 16))
  // Both halves at once: how long it takes says nothing about which of them differs.
  const differs = ((signature[0] ?? 0) ^ ((b << 16) | (c >>> 8))) | ((signature[1] ?? 0) ^ ((c << 24) | d))
  if (differs !== 0) return null
  const spot = parse(country, rest)
  const age = now / 1000 - (seconds + EPOCH)
  return spot && age >= -SKEW_SECONDS && age <= maxAgeSeconds ? { ...spot, mintedAt: seconds + EPOCH } : null
}

function parse(country: number, rest: number): Spot | null {
  const placement = PLACEMENTS[(rest >>> 27) & 7]
  if (!placement) return null
  return {
    creative: (rest >>> 15) & CREATIVE_BITS,
    placement,
    section: rest & 0x7fff,
    country: countryOf(country),
    device: DEVICES[rest >>> 30] ?? null,
  }
}

const LETTERS = 26
const A = 65

/** A country as a number below 1024; 0 where it is unknown. */
const codeOf = (country: string | null): number =>
  country === null ? 0 : 1 + (country.charCodeAt(0) - A) * LETTERS + country.charCodeAt(1) - A

/** What is known of a reader in 12 bits. */
export const codeOfReader = ({ country, device }: Pick<Spot, 'country' | 'device'>): number =>
  (codeOf(country) << 2) | DEVICES.indexOf(device)

const countryOf = (code: number): string | null =>
  code === 0
    ? null
    : String.fromCharCode(A + Math.floor((code - 1) / LETTERS)) +
      String.fromCharCode(A + ((code - 1) % LETTERS))

/**
 * A name as a token has it: 15 bits, never 0 (FNV-1a). Of thirty sections two share one in one site of eighty; such a site
 * sees their figures together.
 */
export function hashOf(name: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193)
  return (hash ^ (hash >>> 15)) & 0x7fff || 1
}

const CREATIVE_BITS = 0xfff

/** A creative's id as a token has it. A campaign whose creatives share one is refused. */
export const creativeHash = (id: string): number => hashOf(id) & CREATIVE_BITS
