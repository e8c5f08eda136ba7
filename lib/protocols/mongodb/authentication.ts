/**
 * Who logs in, by the first message of a mechanism; undefined when it does not tell. Passwords, nonces and proofs stay
 * where they are. Spec: RFC 5802 §5.1 (SCRAM), RFC 4616 §2 (PLAIN).
 */
export function userOf(mechanism: string, payload: string): string | undefined {
  if (mechanism.startsWith('SCRAM-')) {
    const name = /^[^,]*,[^,]*,n=([^,]*)/.exec(payload)?.[1]
    return name?.replace(/=2C/gi, ',').replace(/=3D/gi, '=')
  }
  if (mechanism === 'PLAIN') return payload.split('\0')[1]
  return undefined
}
