/// <reference path="./siphash.d.ts" />
import siphash from 'siphash'
import { base64url, fromBase64url, utf8 } from '../http/bytes.ts'
import { PLACEMENTS, type Placement } from './placements.ts'

/** What is known of one view of one ad when it is written into a page. */
export interface AdView {
  /** Seconds since 1970. */
  readonly mintedAt: number
  /** Which of the campaign's creatives, from 0. */
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

/** Clocks of two machines may differ by this much. */
const SKEW_SECONDS = 60

/** Seconds are counted from here, 2026-01-01: 30 bits last until 2060. */
const EPOCH = Date.UTC(2026, 0, 1) / 1000
const DEVICES = [null, 'phone', 'desktop'] as const

/** Bytes of what is said, and of what makes it one of its own: 2^40 for each second and campaign. */
const [SAID, NONCE, MAC] = [8, 5, 8]

/**
 * Makes the token of one view: 64 bits that say what was shown where, 40 random ones, and a SipHash-2-4 of 64 bits over
 * the campaign's id and all of it. Short, because nothing compresses it, and synchronous, because a page waits for it.
 */
export function mintToken(key: TokenKey, campaign: string, view: AdView): string {
  const bytes = new Uint8Array(SAID + NONCE + MAC)
  const data = new DataView(bytes.buffer)
  const { mintedAt, creative, placement, section, country, device } = view
  const where = (creative << 5) | (PLACEMENTS.indexOf(placement) << 2) | DEVICES.indexOf(device)
  const [first, second] = [
    ((mintedAt - EPOCH) << 2) | (where >>> 7),
    ((where & 127) << 25) | (codeOf(country) << 15) | section,
  ]
  data.setUint32(0, first)
  data.setUint32(4, second)
  crypto.getRandomValues(bytes.subarray(SAID, SAID + NONCE))
  const mac = macOf(key, campaign, bytes)
  data.setUint32(SAID + NONCE, mac.h)
  data.setUint32(SAID + NONCE + 4, mac.l)
  return base64url(bytes)
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
  const bytes = token?.length === TOKEN_LENGTH ? fromBase64url(token) : null
  if (bytes?.length !== SAID + NONCE + MAC) return null
  const data = new DataView(bytes.buffer)
  const mac = macOf(key, campaign, bytes)
  // Both halves at once: how long it takes says nothing about which of them differs.
  const differs = (mac.h ^ data.getUint32(SAID + NONCE)) | (mac.l ^ data.getUint32(SAID + NONCE + 4))
  if (differs !== 0) return null
  const view = parse(data.getUint32(0), data.getUint32(4))
  const age = now / 1000 - (view?.mintedAt ?? 0)
  return age >= -SKEW_SECONDS && age <= maxAgeSeconds ? view : null
}

function parse(first: number, second: number): AdView | null {
  const where = ((first & 3) << 7) | (second >>> 25)
  const placement = PLACEMENTS[(where >>> 2) & 7]
  if (!placement) return null
  return {
    mintedAt: (first >>> 2) + EPOCH,
    creative: where >>> 5,
    placement,
    section: second & 0x7fff,
    country: countryOf((second >>> 15) & 0x3ff),
    device: DEVICES[where & 3] ?? null,
  }
}

function macOf(key: TokenKey, campaign: string, bytes: Uint8Array): { h: number; l: number } {
  const id = utf8(campaign)
  const message = new Uint8Array(SAID + NONCE + id.length)
  message.set(bytes.subarray(0, SAID + NONCE))
  message.set(id, SAID + NONCE)
  return siphash.hash(key, message)
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
