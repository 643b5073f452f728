/// <reference path="./siphash.d.ts" />
import siphash from 'siphash'
import { concat, utf8 } from '../http/bytes.ts'
import { PLACEMENTS, type Placement } from './placements.ts'

/** What is known of one view of one ad when it is written into a page. */
export interface AdView {
  /** Seconds since 1970. */
  readonly mintedAt: number
  /** 12 bits of the creative's id: what stands first in a campaign today may not tomorrow. See `creativeHash`. */
  readonly creative: number
  readonly placement: Placement
  /** 15 bits of the section's name; 0 where the page has none. See `hashOf`. */
  readonly section: number
  /** ISO 3166-1 alpha-2; null where it is unknown. */
  readonly country: string | null
  readonly device: 'phone' | 'desktop' | null
}

/** A key of SipHash: 128 bits. */
export type TokenKey = Uint32Array<ArrayBuffer>

/** Characters of a token. 21 bytes fill them, so no two texts are the same token. */
export const TOKEN_LENGTH = 28

/** What leads nowhere and counts nothing, where a token's place is taken before there is one. */
export const NO_TOKEN = 'A'.repeat(TOKEN_LENGTH)
export const UNCOUNTED = utf8(NO_TOKEN)

/** Clocks of two machines may differ by this much. */
const SKEW_SECONDS = 60

/** Seconds are counted from here, 2026-01-01: 30 bits last until 2060. */
const EPOCH = Date.UTC(2026, 0, 1) / 1000
const DEVICES = [null, 'phone', 'desktop'] as const

/** Bytes of what is said, and of what makes it one of its own: 2^32 for each second of an ad in one place. */
const [SAID, NONCE, MAC] = [9, 4, 8]

/** The bytes of the token that is being made or read, and where they are written down. */
const bytes = new Uint8Array(SAID + NONCE + MAC)
const data = new DataView(bytes.buffer)
const written = new Uint8Array(TOKEN_LENGTH)
/** Base64url (RFC 4648 §5), by value and by character: both ways are taken with every ad. */
const ALPHABET = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
const VALUES = new Int8Array(128).fill(-1)
for (const [value, character] of ALPHABET.entries()) VALUES[character] = value

/**
 * Makes the token of one view: 72 bits that say what was shown where, 32 random ones, and a SipHash-2-4 of 64 bits over
 * the campaign's id and all of it. Short, because nothing compresses it, and synchronous, because a page waits for it.
 * @returns its characters in UTF-8, good until the next call: a page is made of bytes, and leaves no garbage behind
 */
export function mintToken(key: TokenKey, campaign: string, view: AdView): Uint8Array<ArrayBuffer> {
  const country = codeOf(view.country)
  data.setUint32(0, ((view.mintedAt - EPOCH) << 2) | (country >>> 8))
  data.setUint8(4, country & 255)
  data.setUint32(5, spotOf(view))
  data.setUint32(SAID, randomBits())
  const mac = macOf(key, campaign, bytes)
  data.setUint32(SAID + NONCE, mac.h)
  data.setUint32(SAID + NONCE + 4, mac.l)
  for (let from = 0, to = 0; to < TOKEN_LENGTH; from += 3, to += 4) {
    const three = (byteAt(from) << 16) | (byteAt(from + 1) << 8) | byteAt(from + 2)
    written[to] = ALPHABET[three >>> 18] ?? 0
    written[to + 1] = ALPHABET[(three >>> 12) & 63] ?? 0
    written[to + 2] = ALPHABET[(three >>> 6) & 63] ?? 0
    written[to + 3] = ALPHABET[three & 63] ?? 0
  }
  return written
}

const byteAt = (at: number) => bytes[at] ?? 0

/** All that a token says but when and in which country, in 32 bits. */
const spotOf = ({ creative, placement, section, device }: Omit<AdView, 'mintedAt' | 'country'>): number =>
  ((DEVICES.indexOf(device) << 30) | (PLACEMENTS.indexOf(placement) << 27) | (creative << 15) | section) >>> 0

/** Everything that a token says but when, as one number. */
export const placeNumber = (view: AdView): number => codeOf(view.country) * 2 ** 32 + spotOf(view)

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
  key: TokenKey,
  campaign: string,
  token: string | null,
  now: number,
  maxAgeSeconds: number,
): AdView | null {
  if (token?.length !== TOKEN_LENGTH || !takeDown(token)) return null
  const mac = macOf(key, campaign, bytes)
  // Both halves at once: how long it takes says nothing about which of them differs.
  const differs = (mac.h ^ data.getUint32(SAID + NONCE)) | (mac.l ^ data.getUint32(SAID + NONCE + 4))
  if (differs !== 0) return null
  const view = parse(data.getUint32(0), data.getUint8(4), data.getUint32(5))
  const age = now / 1000 - (view?.mintedAt ?? 0)
  return age >= -SKEW_SECONDS && age <= maxAgeSeconds ? view : null
}

/** Puts the bytes of a token where one is made; false for other characters than a token has. */
function takeDown(token: string): boolean {
  for (let from = 0, to = 0; from < TOKEN_LENGTH; from += 4, to += 3) {
    const four =
      (valueAt(token, from) << 18) |
      (valueAt(token, from + 1) << 12) |
      (valueAt(token, from + 2) << 6) |
      valueAt(token, from + 3)
    if (four < 0) return false
    bytes[to] = four >>> 16
    bytes[to + 1] = four >>> 8
    bytes[to + 2] = four
  }
  return true
}

/** Six bits of a character; below 0 for one that has none. */
const valueAt = (token: string, at: number) => VALUES[token.charCodeAt(at)] ?? -1

function parse(when: number, where: number, spot: number): AdView | null {
  const placement = PLACEMENTS[(spot >>> 27) & 7]
  if (!placement) return null
  return {
    mintedAt: (when >>> 2) + EPOCH,
    creative: (spot >>> 15) & CREATIVE_BITS,
    placement,
    section: spot & 0x7fff,
    country: countryOf(((when & 3) << 8) | where),
    device: DEVICES[spot >>> 30] ?? null,
  }
}

/** What a MAC is made over, by campaign: its id stands behind the place of the rest. */
const messages = new Map<string, Uint8Array<ArrayBuffer>>()
const MOST_MESSAGES = 2000

function macOf(key: TokenKey, campaign: string, token: Uint8Array): { h: number; l: number } {
  const message = messageOf(campaign)
  for (let at = 0; at < SAID + NONCE; at++) message[at] = token[at] ?? 0
  return siphash.hash(key, message)
}

function messageOf(campaign: string): Uint8Array<ArrayBuffer> {
  const known = messages.get(campaign)
  if (known) return known
  if (messages.size >= MOST_MESSAGES) messages.clear()
  const made = concat([new Uint8Array(SAID + NONCE), utf8(campaign)])
  messages.set(campaign, made)
  return made
}

const LETTERS = 26
const A = 65

/** A country as a number below 1024; 0 where it is unknown. */
const codeOf = (country: string | null): number =>
  country === null ? 0 : 1 + (country.charCodeAt(0) - A) * LETTERS + country.charCodeAt(1) - A

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
