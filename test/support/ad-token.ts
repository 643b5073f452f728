import type { TokenKey } from '../../src/ad/token.ts'
import { fromBase64url } from '../../src/http/bytes.ts'
import { Keys } from '../../src/http/keys.ts'

/** The key with which a site of this secret makes the tokens of its ads. */
export async function tokenKey(secret: string): Promise<TokenKey> {
  const bytes = fromBase64url(await new Keys(secret).hash('ad-token', 'siphash'))
  if (!bytes) throw new Error('a hash is base64url')
  return new Uint32Array(bytes.buffer)
}
