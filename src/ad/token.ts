import { AES } from '@stablelib/aes'
import { CMAC } from '@stablelib/cmac'
import { MAX_SLUG_LENGTH } from '../article/slug.ts'
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

/** Clocks of two machines may differ by this much. */
const SKEW_SECONDS = 60

/** Seconds are counted from here, 2026-01-01: 30 bits last until 2060. */
const EPOCH = Date.UTC(2026, 0, 1) / 1000
const DEVICES = [null, 'phone', 'desktop'] as const

/** What a token says but when, as it is written there: who reads in 12 bits, and which ad stands where in 30. */
export interface SpotCode {
  readonly reader: number
  readonly ad: number
}

export const codeOf = (spot: Spot): SpotCode => ({
  reader: codeOfReader(spot),
  ad: (PLACEMENTS.indexOf(spot.placement) << 27) | (spot.creative << 15) | spot.section,
})

/** Everything that a token says but when, as one number. */
export const spotNumber = (spot: Spot): number => {
  const { reader, ad } = codeOf(spot)
  return reader * 2 ** 30 + ad
}

/** AES-CMAC (RFC 4493): 128 bits that nobody makes who does not have its key of sixteen bytes. Good for many texts. */
export const cmacOf = (key: Uint8Array): CMAC => new CMAC(new AES(key, true))

/** What is signed: what a token says, as four numbers of 32 bits, and the campaign's id, a slug: each character is a byte. */
const signed = new Uint8Array(16 + MAX_SLUG_LENGTH)
const words = new Uint32Array(signed.buffer, 0, 4)
/** The same with as many of its bytes as a campaign's id fills, by that number. */
const texts: Uint8Array[] = []
const signature = new Uint32Array(4)
const signatureBytes = new Uint8Array(signature.buffer)

/** Makes the `signature` of a token, which has the first 64 bits of it: in two or three blocks of AES. */
function sign(key: CMAC, campaign: string, reader: number, ad: number, seconds: number, nonce: number): void {
  words[0] = reader
  words[1] = ad
  words[2] = seconds
  words[3] = nonce
  const { length } = campaign
  for (let at = 0; at < length; at++) signed[16 + at] = campaign.charCodeAt(at)
  texts[length] ??= signed.subarray(0, 16 + length)
  key.reset().update(texts[length]).finish(signatureBytes)
}

/** The token that is being made, by its characters. */
const written = new Uint8Array(TOKEN_LENGTH)
/** Base64url (RFC 4648 §5), by value and by character: both ways are taken with every ad. */
const ALPHABET = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const VALUES = new Int8Array(128).fill(-1)
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value

/**
 * Makes the token of one view: 42 bits that say what is shown where, 30 when, 32 random ones that make it one of its own
 * among those of the same second and spot, and a MAC of 64. Short, because little of it compresses, and synchronous,
 * because a page waits for it.
 * @param mintedAt seconds since 1970
 * @returns its characters in UTF-8, good until the next call: a page is made of bytes, and leaves no garbage behind
 */
export function mintToken(
  key: CMAC,
  campaign: string,
  { reader, ad }: SpotCode,
  mintedAt: number,
): Uint8Array<ArrayBuffer> {
  const seconds = mintedAt - EPOCH
  const nonce = randomBits()
  sign(key, campaign, reader, ad, seconds, nonce)
  const first = signature[0] ?? 0
  const second = signature[1] ?? 0
  write(0, 2, reader)
  write(2, 5, ad)
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
 * @param now milliseconds since 1970
 * @param maxAgeSeconds how long after the page was sent it is good
 * @returns null for one that is forged, changed, of another campaign, too old, or from more than a minute ahead
 */
export function readToken(
  key: CMAC,
  campaign: string,
  token: string | null,
  now: number,
  maxAgeSeconds: number,
): AdView | null {
  if (token?.length !== TOKEN_LENGTH) return null
  const reader = read(token, 0, 2)
  const ad = read(token, 2, 5)
  const seconds = read(token, 7, 5)
  const a = read(token, 12, 4)
  const b = read(token, 16, 4)
  const c = read(token, 20, 4)
  const d = read(token, 24, 4)
  if ((reader | ad | seconds | a | b | c | d) < 0) return null
  sign(key, campaign, reader, ad, seconds, (a << 8) | (b >>> 16))
  // Both halves at once: how long it takes says nothing about which of them differs.
  const differs = ((signature[0] ?? 0) ^ ((b << 16) | (c >>> 8))) | ((signature[1] ?? 0) ^ ((c << 24) | d))
  if (differs !== 0) return null
  const spot = parse(reader, ad)
  const age = now / 1000 - (seconds + EPOCH)
  return spot && age >= -SKEW_SECONDS && age <= maxAgeSeconds ? { ...spot, mintedAt: seconds + EPOCH } : null
}

function parse(reader: number, ad: number): Spot | null {
  const placement = PLACEMENTS[ad >>> 27]
  if (!placement) return null
  return {
    creative: (ad >>> 15) & CREATIVE_BITS,
    placement,
    section: ad & 0x7fff,
    country: countryOf(reader >>> 2),
    device: DEVICES[reader & 3] ?? null,
  }
}

const LETTERS = 26
const A = 65

/** What is known of a reader in 12 bits: 10 for the country, 0 where it is unknown, and 2 for the device. */
export const codeOfReader = ({ country, device }: Pick<Spot, 'country' | 'device'>): number =>
  ((country === null ? 0 : 1 + (country.charCodeAt(0) - A) * LETTERS + country.charCodeAt(1) - A) << 2) |
  DEVICES.indexOf(device)

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
