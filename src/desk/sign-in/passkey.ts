import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import * as v from 'valibot'
import { base64url, fromBase64url, utf8 } from '../../http/bytes.ts'
import type { Site } from '../../site/site.ts'
import { timestampOf } from '../../site/timestamp.ts'
import type { Session } from '../person.ts'
import {
  findPasskey,
  insertChallenge,
  listPasskeys,
  type StoredPasskey,
  takeChallenge,
} from '../session-store.ts'

/** Passkeys (WebAuthn Level 3) by @simplewebauthn/server, which is loaded when somebody signs in and not before. */

const CHALLENGE_MS = 5 * 60 * 1000
const webauthn = () => import('@simplewebauthn/server')

/** The site as an authenticator knows it: its host. */
const partyOf = (site: Site) => ({ rpID: new URL(site.requestUrl).hostname, origin: site.requestOrigin })

/** What a browser needs to ask for a passkey: anybody's to sign in, one of a person's to confirm. */
export async function askForPasskey(
  person: Session | null,
  site: Site,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await webauthn()
  const keys = person ? await listPasskeys(site.env.DB, person.id) : []
  const options = await generateAuthenticationOptions({
    rpID: partyOf(site).rpID,
    userVerification: 'required',
    allowCredentials: keys.map(({ id }) => ({ id })),
  })
  await remember(options.challenge, person, site)
  return options
}

/** What a browser needs to make a new passkey for a person. */
export async function askForNewPasskey(
  person: Session,
  site: Site,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await webauthn()
  const known = await listPasskeys(site.env.DB, person.id)
  const options = await generateRegistrationOptions({
    rpName: site.settings.name,
    rpID: partyOf(site).rpID,
    userName: person.name,
    userDisplayName: person.name,
    userID: utf8(`person-${person.id}`),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: known.map(({ id }) => ({ id })),
  })
  await remember(options.challenge, person, site)
  return options
}

const remember = (challenge: string, person: Session | null, site: Site) =>
  insertChallenge(site.env.DB, {
    challenge,
    person: person?.id ?? null,
    expiresAt: timestampOf(site.now.getTime() + CHALLENGE_MS),
  }).run()

const Shared = {
  id: v.string(),
  rawId: v.string(),
  type: v.literal('public-key'),
  clientExtensionResults: v.looseObject({}),
}
const Assertion: v.GenericSchema<unknown, AuthenticationResponseJSON> = v.object({
  ...Shared,
  response: v.object({
    clientDataJSON: v.string(),
    authenticatorData: v.string(),
    signature: v.string(),
    userHandle: v.exactOptional(v.string()),
  }),
})
const Attestation: v.GenericSchema<unknown, RegistrationResponseJSON> = v.object({
  ...Shared,
  response: v.object({ clientDataJSON: v.string(), attestationObject: v.string() }),
})

const parseJson = <T>(schema: v.GenericSchema<unknown, T>, text: string): T | null => {
  const result = v.safeParse(v.pipe(v.string(), v.maxLength(20_000), v.parseJson(), schema), text)
  return result.success ? result.output : null
}

/** A challenge is good for whom it was made, once. */
const expecting = (person: Session | null, site: Site) => async (challenge: string) =>
  takeChallenge(site.env.DB, { challenge, person: person?.id ?? null, now: site.timestamp })

/**
 * Checks the passkey that a browser showed.
 * @param person who has to be the one it belongs to; null where it says who that is
 * @returns the passkey and its new counter; null for anything but a good one
 */
export async function checkPasskey(
  text: string,
  person: Session | null,
  site: Site,
): Promise<{ passkey: StoredPasskey; counter: number } | null> {
  const response = parseJson(Assertion, text)
  const passkey = response && (await findPasskey(site.env.DB, response.id))
  const publicKey = passkey && fromBase64url(passkey.publicKey)
  if (!response || !passkey || !publicKey || (person && passkey.person !== person.id)) return null
  const { verifyAuthenticationResponse } = await webauthn()
  const { rpID, origin } = partyOf(site)
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: expecting(person, site),
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential: { id: passkey.id, publicKey, counter: passkey.counter },
      requireUserVerification: true,
    })
    return verified ? { passkey, counter: authenticationInfo.newCounter } : null
  } catch {
    return null // what was sent is no answer to anything that was asked
  }
}

/** Checks a new passkey; null for anything but a good one. */
export async function checkNewPasskey(
  text: string,
  person: Session,
  site: Site,
): Promise<{ id: string; publicKey: string; counter: number } | null> {
  const response = parseJson(Attestation, text)
  if (!response) return null
  const { verifyRegistrationResponse } = await webauthn()
  const { rpID, origin } = partyOf(site)
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: expecting(person, site),
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: true,
    })
    if (!verified) return null
    const { id, publicKey, counter } = registrationInfo.credential
    return { id, publicKey: base64url(publicKey), counter }
  } catch {
    return null
  }
}
