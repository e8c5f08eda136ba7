import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { authenticate, type Mechanism } from '../../../lib/outputs/kafka/sasl.js'

const login = (
  mechanism: Mechanism,
  exchange: (message: string, step: number) => string,
  username = 'user',
) => {
  let step = 0
  return authenticate({ mechanism, username, password: 'pencil' }, async (message) =>
    Buffer.from(exchange(message.toString(), step++)),
  )
}
const nonceOf = (message: string) => /r=(.*)$/.exec(message)?.[1] ?? ''

describe('logging in', () => {
  it('with PLAIN sends user and password as RFC 4616 has them', async () => {
    const sent: string[] = []
    await login('PLAIN', (message) => String(sent.push(message)))
    assert.deepEqual(sent, ['\0user\0pencil'])
  })

  it('with SCRAM names the user so that commas and equals signs are safe', async () => {
    const sent: string[] = []
    const broken = login('SCRAM-SHA-256', (message) => String(sent.push(message)), 'a=b,c')
    await assert.rejects(broken)
    assert.match(String(sent[0]), /^n,,n=a=3Db=2Cc,r=[\w+/]{24}$/)
  })

  it('with SCRAM refuses a broker that did not see the challenge, or wants too much or too little work', async () => {
    const challenges: [(nonce: string) => string, RegExp][] = [
      [() => 'r=other,s=QUJD,i=4096', /not for this client/],
      [(nonce) => `r=${nonce},s=QUJD,i=4096`, /not for this client/],
      [(nonce) => `r=${nonce}x,i=4096`, /not for this client/],
      [(nonce) => `r=${nonce}x,s=QUJD,i=4095`, /asks for 4095 rounds/],
      [(nonce) => `r=${nonce}x,s=QUJD,i=99999999`, /asks for 99999999 rounds/],
      [(nonce) => `r=${nonce}x,s=QUJD,i=many`, /asks for many rounds/],
      [() => '', /not for this client/],
    ]
    for (const [challenge, reason] of challenges)
      await assert.rejects(
        login('SCRAM-SHA-512', (message) => challenge(nonceOf(message))),
        reason,
      )
  })

  it('with SCRAM refuses a broker that does not know the password itself', async () => {
    for (const last of ['v=AAAA', 'v=', '', `v=${Buffer.alloc(32).toString('base64')}`])
      await assert.rejects(
        login('SCRAM-SHA-256', (message, step) =>
          step === 0 ? `r=${nonceOf(message)}x,s=QUJD,i=4096` : last,
        ),
        /does not know the password/,
      )
    await assert.rejects(
      login('SCRAM-SHA-256', (message, step) =>
        step === 0 ? `r=${nonceOf(message)}x,s=QUJD,i=4096` : 'e=unknown-user',
      ),
      /refuses the user or the password: unknown-user/,
    )
  })
})
