import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateSync } from 'node:zlib'
import * as lz4 from 'lz4-napi'
import * as snappy from 'snappy'
import { library } from '../../lib/compression/library.js'
import { unlz4 } from '../../lib/compression/lz4.js'
import { unsnappy } from '../../lib/compression/snappy.js'
import { TooLarge } from '../../lib/compression/too-large.js'
import { unzlib } from '../../lib/compression/zlib.js'
import { portable, unzstd } from '../../lib/compression/zstd.js'

const text = Buffer.from('what is said twice is said in fewer bytes: what is said twice. '.repeat(40))

// `zstd` of the command of that name: 2,520 bytes in one frame.
const zstd = Buffer.from(
  'KLUv/WTYCJ0BADQCd2hhdCBpcyBzYWlkIHR3aWNlaW4gZmV3ZXIgYnl0ZXM6IC4EAIQRgg83k8spv0Qxw2WW+vU=',
  'base64',
)

interface Format {
  packed: () => Buffer
  unpack: (bytes: Buffer, limit: number) => Buffer
  /** It notices at once that bytes are missing. */
  checks?: true
}

const formats: Record<string, Format> = {
  zlib: { packed: () => deflateSync(text), unpack: unzlib, checks: true },
  snappy: { packed: () => snappy.compressSync(text), unpack: unsnappy },
  // Without the length that this library puts before it.
  lz4: {
    packed: () => lz4.compressSync(text).subarray(4),
    unpack: (bytes, limit) => unlz4(bytes, text.length, limit),
    checks: true,
  },
  zstd: { packed: () => zstd, unpack: unzstd },
  'zstd in JavaScript': { packed: () => zstd, unpack: portable },
}

for (const [name, { packed, unpack, checks }] of Object.entries(formats))
  describe(name, () => {
    it('is decoded', () => assert.deepEqual(unpack(packed(), text.length), text))

    it('never grows past the limit', () => {
      assert.throws(() => unpack(packed(), text.length - 1), TooLarge)
    })

    it('that is cut anywhere is an error, or as much as there was', () => {
      const whole = packed()
      for (let length = 0; length < whole.length; length++) {
        let decoded: Buffer | undefined
        try {
          decoded = unpack(whole.subarray(0, length), text.length)
        } catch (error) {
          assert.ok(error instanceof Error)
        }
        if (checks && length < whole.length - 4) assert.equal(decoded, undefined, `${length} bytes`)
      }
    })

    it('of any bytes is decoded or refused', () => {
      let state = 1
      for (let round = 0; round < 2000; round++) {
        const noise = Buffer.from(packed())
        for (let i = 0; i < 4; i++) {
          state = (Math.imul(state, 1103515245) + 12345) >>> 0
          noise[(state >>> 8) % noise.length] = state >>> 24
        }
        try {
          assert.ok(unpack(noise, 10_000).length <= 10_000)
        } catch (error) {
          assert.ok(error instanceof Error && error.name !== 'AssertionError')
        }
      }
    })
  })

it('a package whose binary is not there is told, each time it is asked for', () => {
  for (let time = 0; time < 2; time++)
    assert.throws(() => library('zopfli-napi' as 'snappy'), {
      code: 'ERR_CONFIG_INVALID',
      message: /^the package zopfli-napi or its binary .* without --omit=optional\.$/,
    })
})
