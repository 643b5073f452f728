import { base64url, fromBase64url, fromUtf8, utf8 } from './bytes.ts'

/** What a key is for. Each purpose has a key of its own, derived from the site's master secret (RFC 5869). */
type Purpose =
  | 'form-token'
  | 'own-comment'
  | 'email-hash'
  | 'session'
  | 'desk-form'
  | 'sign-in-link'
  | 'objection'
  | 'subscriptions'
  | 'confirm'
  | 'my-data'
  | 'ip-hash'
  | 'ad-token'
  | 'ad-report'
  | 'turnstile'
  | 'email'

/** The keys of a site. */
export class Keys {
  readonly #secret: string
  /** Keys that addresses are read with, the newest first; the first encrypts. */
  readonly #sealing: readonly string[]
  readonly #derived = new Map<string, Promise<CryptoKey>>()

  /** @param sealing secrets for addresses in place of the master secret: the newest, and the one before */
  constructor(secret: string | undefined, sealing: readonly (string | undefined)[] = []) {
    if (!secret || secret.length < 32) throw new Error('MW_SECRET is missing or shorter than 32 characters')
    this.#secret = secret
    const own = sealing.filter((one) => one !== undefined && one.length >= 32)
    this.#sealing = [...own.filter((one) => one !== undefined), secret]
  }

  /** Keyed hash (HMAC-SHA-256) of a text, as 22 characters of base64url (128 bits). */
  async hash(purpose: Exclude<Purpose, 'email'>, text: string): Promise<string> {
    const mac = await crypto.subtle.sign('HMAC', await this.#key(purpose), utf8(text))
    return base64url(mac.slice(0, 16))
  }

  /** Whether a hash belongs to a text; takes the same time for every wrong one. */
  async verify(purpose: Exclude<Purpose, 'email'>, text: string, hash: string): Promise<boolean> {
    return equalInConstantTime(await this.hash(purpose, text), hash)
  }

  /** Encrypts with AES-256-GCM; the result is base64url of nonce and ciphertext. */
  async encrypt(text: string): Promise<string> {
    const nonce = crypto.getRandomValues(new Uint8Array(12))
    const sealed = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv: nonce },
      await this.#sealingKey(0),
      utf8(text),
    )
    return base64url(Uint8Array.of(...nonce, ...new Uint8Array(sealed)))
  }

  /** Reads what `encrypt` wrote; null when it was sealed with another secret or changed since. */
  async decrypt(sealed: string): Promise<string | null> {
    const bytes = fromBase64url(sealed)
    if (!bytes || bytes.length < 28) return null
    for (const index of this.#sealing.keys()) {
      try {
        const key = await this.#sealingKey(index)
        return fromUtf8(
          await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.slice(0, 12) }, key, bytes.slice(12)),
        )
      } catch {
        // sealed with another secret, or changed since
      }
    }
    return null
  }

  #sealingKey(index: number): Promise<CryptoKey> {
    return this.#remember('email', this.#sealing[index] ?? this.#secret)
  }

  #key(purpose: Purpose): Promise<CryptoKey> {
    return this.#remember(purpose, this.#secret)
  }

  #remember(purpose: Purpose, secret: string): Promise<CryptoKey> {
    const name = `${purpose} ${secret}`
    const known = this.#derived.get(name)
    if (known) return known
    const made = derive(purpose, secret)
    this.#derived.set(name, made)
    return made
  }
}

async function derive(purpose: Purpose, secret: string): Promise<CryptoKey> {
  const master = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: utf8('medienwirtschaft'), info: utf8(purpose) }
  return purpose === 'email'
    ? crypto.subtle.deriveKey(hkdf, master, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    : crypto.subtle.deriveKey(hkdf, master, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
}

/** Compares two texts without telling by its duration where they differ; that their lengths do is no secret. */
export async function equalInConstantTime(a: string, b: string): Promise<boolean> {
  const [one, other] = [utf8(a), utf8(b)]
  if (one.length !== other.length) return false
  // workerd has a comparison of its own; elsewhere the verification of an HMAC is one that is constant in time.
  const compare: unknown = Reflect.get(crypto.subtle, 'timingSafeEqual')
  if (typeof compare === 'function') return compare.call(crypto.subtle, one, other) === true
  const once = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
  if (!(once instanceof CryptoKey)) throw new Error('an HMAC key is a single key')
  return crypto.subtle.verify('HMAC', once, await crypto.subtle.sign('HMAC', once, one), other)
}
