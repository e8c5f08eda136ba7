// What today's driver does with RabbitMQ: node --import tsx amqp.ts HOST SCENARIO... Prints as JSON what was done; amqp-raw.ts says what the driver cannot.
import { type ChannelModel, type ConsumeMessage, connect } from 'amqplib'
import { raw } from './amqp-raw.js'

/** What was done, and what became of it; what does not apply is left out. */
export interface Done {
  method: string
  exchange?: string
  key?: string
  queue?: string
  /** Of a message: how long its body is. */
  bytes?: number
  messages?: number
  headers?: unknown
  code?: number
  status?: 'Error'
}

const [host = '', ...wanted] = process.argv.slice(2)
const done: Done[] = []
const note = (method: string, about: Omit<Done, 'method'> = {}) => void done.push({ method, ...about })

async function connected<T>(
  use: (connection: ChannelModel) => Promise<T>,
  options = 'heartbeat=1',
): Promise<void> {
  const connection = await connect(`amqp://guest:guest@${host}?${options}`)
  note('LOGIN')
  await use(connection)
  await connection.close()
}

/** Queues and exchanges of all kinds. */
const topology = () =>
  connected(async (connection) => {
    const channel = await connection.createChannel()
    for (const type of ['direct', 'fanout', 'topic', 'headers']) {
      await channel.assertExchange(`live.${type}`, type, {
        durable: type === 'topic',
        autoDelete: type === 'fanout',
      })
      note('exchange.declare', { exchange: `live.${type}` })
    }
    await channel.checkExchange('live.topic')
    note('exchange.declare', { exchange: 'live.topic' })
    const { queue } = await channel.assertQueue('', { exclusive: true })
    note('queue.declare', { queue, messages: 0 })
    await channel.assertQueue('live.short', {
      durable: false,
      maxLength: 1,
      arguments: { 'x-message-ttl': 60_000, 'x-queue-mode': 'default' },
    })
    note('queue.declare', { queue: 'live.short', messages: 0 })
    await channel.bindQueue(queue, 'live.topic', 'a.*')
    note('queue.bind', { queue, exchange: 'live.topic', key: 'a.*' })
    await channel.bindQueue(queue, 'live.headers', '', { 'x-match': 'all', colour: 'red' })
    note('queue.bind', { queue, exchange: 'live.headers', key: '' })
    await channel.bindExchange('live.topic', 'live.direct', 'b')
    note('exchange.bind', { key: 'b' })
    await channel.unbindExchange('live.topic', 'live.direct', 'b')
    note('exchange.unbind', { key: 'b' })
    await channel.unbindQueue(queue, 'live.topic', 'a.*')
    note('queue.unbind', { queue, exchange: 'live.topic', key: 'a.*' })
    channel.publish('', queue, Buffer.from('to be purged'))
    note('basic.publish', { key: queue, bytes: 12 })
    await channel.checkQueue(queue)
    note('queue.declare', { queue, messages: 1 })
    await channel.purgeQueue(queue)
    note('queue.purge', { queue, messages: 1 })
    await channel.deleteQueue('live.short', { ifUnused: true })
    note('queue.delete', { queue: 'live.short', messages: 0 })
    for (const type of ['direct', 'fanout', 'topic', 'headers']) {
      await channel.deleteExchange(`live.${type}`)
      note('exchange.delete', { exchange: `live.${type}` })
    }
  })

const everything = {
  text: 'grün',
  yes: true,
  small: 5,
  negative: -70_000,
  large: 2 ** 40,
  half: 0.5,
  nothing: null,
  list: [1, 'two', { three: 3 }],
  table: { deep: { deeper: 'x' } },
}

/** Messages of all kinds, got, consumed, acknowledged, refused, sent back. */
const messages = (large: number, options?: string) =>
  connected(async (connection) => {
    const channel = await connection.createChannel()
    const queue = 'live.work'
    await channel.assertQueue(queue, { durable: false })
    note('queue.declare', { queue, messages: 0 })
    await channel.get(queue)
    note('basic.get', { queue })
    const send = (body: Buffer, options: object = {}, headers?: unknown) => {
      channel.sendToQueue(queue, body, options)
      note('basic.publish', { key: queue, bytes: body.length, ...(headers === undefined ? {} : { headers }) })
    }
    send(Buffer.from('got'), {
      persistent: true,
      expiration: '60000',
      priority: 3,
      contentType: 'text/plain',
    })
    await channel.checkQueue(queue)
    note('queue.declare', { queue, messages: 1 })
    const got = await channel.get(queue)
    if (got === false) throw new Error('nothing to get')
    note('basic.get', { exchange: '', key: queue, queue, bytes: 3, messages: 0 })
    channel.ack(got)
    note('basic.ack', { key: queue, queue })
    send(Buffer.alloc(0))
    send(Buffer.from('{"a":1}'), { headers: everything, contentType: 'application/json' }, everything)
    send(Buffer.alloc(large, 'large '), {
      messageId: 'm1',
      type: 'big',
      appId: 'live',
      timestamp: 1_700_000_000,
    })
    send(Buffer.from([0, 1, 2, 255]), { contentEncoding: 'gzip', userId: 'guest' })
    await channel.prefetch(2)
    note('basic.qos')
    // What is delivered is answered in four ways; what is sent back comes again.
    const answers = ['ack', 'nack', 'reject', 'requeue', 'ack'] as const
    let seen = 0
    await new Promise<void>((resolve) => {
      const take = (message: ConsumeMessage | null) => {
        if (message === null) return
        const { content, properties } = message
        const headers = Object.keys(properties.headers ?? {}).length > 0 ? properties.headers : undefined
        note('basic.deliver', {
          key: queue,
          queue,
          bytes: content.length,
          ...(headers === undefined ? {} : { headers }),
        })
        const answer = answers[seen++]
        if (answer === 'ack') channel.ack(message)
        else if (answer === 'reject') channel.reject(message, false)
        else channel.nack(message, false, answer === 'requeue')
        const name = answer === 'requeue' ? 'nack' : answer
        note(`basic.${name}`, { key: queue, queue, ...(name === 'ack' ? {} : { status: 'Error' }) })
        if (seen === 5) resolve()
      }
      note('basic.consume', { queue })
      void channel.consume(queue, take, { consumerTag: 'worker' })
    })
    await channel.cancel('worker')
    note('basic.cancel')
    channel.publish('', 'live.nowhere', Buffer.from('lost'), { mandatory: true })
    await new Promise((resolve) => channel.once('return', resolve))
    note('basic.publish', { key: 'live.nowhere', bytes: 4 })
    note('basic.return', { key: 'live.nowhere', bytes: 4, code: 312, status: 'Error' })
    await channel.recover()
    note('basic.recover')
    await channel.deleteQueue(queue)
    note('queue.delete', { queue, messages: 0 })
  }, options)

/** A request to a queue, answered to another, from one connection to the other. */
const rpc = () =>
  connected(async (one) =>
    connected(async (other) => {
      const server = await one.createChannel()
      await server.assertQueue('live.rpc', { autoDelete: true })
      note('queue.declare', { queue: 'live.rpc', messages: 0 })
      await server.consume(
        'live.rpc',
        (message) => {
          if (message === null) return
          const { replyTo, correlationId } = message.properties
          note('basic.deliver', { key: 'live.rpc', queue: 'live.rpc', bytes: message.content.length })
          server.sendToQueue(replyTo, Buffer.from('answer'), { correlationId })
          note('basic.publish', { key: replyTo, bytes: 6 })
        },
        { noAck: true },
      )
      note('basic.consume', { queue: 'live.rpc' })
      const client = await other.createChannel()
      const { queue } = await client.assertQueue('', { exclusive: true })
      note('queue.declare', { queue, messages: 0 })
      await new Promise<void>((resolve) => {
        let answers = 0
        const take = (message: ConsumeMessage | null) => {
          if (message === null) return
          note('basic.deliver', { key: queue, queue, bytes: 6 })
          if (++answers === 50) resolve()
        }
        note('basic.consume', { queue })
        void client.consume(queue, take, { noAck: true }).then(() => {
          for (let index = 0; index < 50; index++) {
            client.sendToQueue('live.rpc', Buffer.from('question'), {
              replyTo: queue,
              correlationId: String(index),
            })
            note('basic.publish', { key: 'live.rpc', bytes: 8 })
          }
        })
      })
    }),
  )

/** Published messages that are confirmed, some of them refused. */
const confirms = (many: number) =>
  connected(async (connection) => {
    const channel = await connection.createConfirmChannel()
    note('confirm.select')
    const full = 'live.full'
    await channel.assertQueue(full, {
      exclusive: true,
      maxLength: 2,
      arguments: { 'x-overflow': 'reject-publish' },
    })
    note('queue.declare', { queue: full, messages: 0 })
    for (let index = 0; index < 5; index++) {
      const refused = await new Promise((resolve) =>
        channel.sendToQueue(full, Buffer.from('one'), {}, (error) => resolve(error !== null)),
      )
      note('basic.publish', { key: full, bytes: 3, ...(refused ? { status: 'Error' } : {}) })
    }
    const { queue } = await channel.assertQueue('', { exclusive: true })
    note('queue.declare', { queue, messages: 0 })
    for (let index = 0; index < many; index++) {
      channel.sendToQueue(queue, Buffer.from('many'))
      note('basic.publish', { key: queue, bytes: 4 })
    }
    await channel.waitForConfirms()
  })

/** Many channels at once, with bodies of many frames between one another. */
const crowd = () =>
  connected(async (connection) => {
    const work = async (number: number) => {
      const channel = await connection.createChannel()
      const { queue } = await channel.assertQueue('', { exclusive: true })
      note('queue.declare', { queue, messages: 0 })
      const bodies = Array.from({ length: 20 }, (_, index) => Buffer.alloc(index * 17_000, `${number} `))
      let left = bodies.length
      await new Promise<void>((resolve) => {
        void channel.consume(queue, (message) => {
          if (message === null) return
          note('basic.deliver', { key: queue, queue, bytes: message.content.length })
          channel.ack(message)
          note('basic.ack', { key: queue, queue })
          if (--left === 0) resolve()
        })
        note('basic.consume', { queue })
        for (const body of bodies) {
          channel.sendToQueue(queue, body)
          note('basic.publish', { key: queue, bytes: body.length })
        }
      })
      await channel.close()
    }
    await Promise.all(Array.from({ length: 8 }, (_, number) => work(number)))
  })

/** What RabbitMQ refuses: a channel each time. */
const refused = () =>
  connected(async (connection) => {
    const attempt = async (method: string, about: Omit<Done, 'method'>, what: Attempt) => {
      const channel = await connection.createChannel()
      channel.on('error', () => {})
      let code = 0
      await what(channel).catch((error: { code: number }) => {
        code = error.code
      })
      note(method, { ...about, code, status: 'Error' })
      note('channel.close', { code, status: 'Error' })
    }
    const channel = await connection.createChannel()
    await channel.assertQueue('live.mine', { exclusive: true, durable: false })
    note('queue.declare', { queue: 'live.mine', messages: 0 })
    await attempt('queue.declare', { queue: 'live.none' }, (channel) => channel.checkQueue('live.none'))
    await attempt('queue.declare', { queue: 'live.mine' }, (channel) =>
      channel.assertQueue('live.mine', { exclusive: true, durable: false, maxLength: 5 }),
    )
    await attempt('exchange.delete', { exchange: 'amq.topic' }, (channel) =>
      channel.deleteExchange('amq.topic'),
    )
    const second = await connect(`amqp://guest:guest@${host}`)
    note('LOGIN')
    const locked = await second.createChannel()
    locked.on('error', () => {})
    await locked.purgeQueue('live.mine').catch(() => {})
    note('queue.purge', { queue: 'live.mine', code: 405, status: 'Error' })
    note('channel.close', { code: 405, status: 'Error' })
    await second.close()
  })
type Attempt = (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<unknown>

/** Logins that fail. */
async function logins(): Promise<void> {
  for (const [user, path, code] of [
    ['guest:a-secret', '', 403],
    ['nobody:a-secret', '', 403],
    ['guest:guest', '/none', 530],
  ] as const) {
    const failed = await connect(`amqp://${user}@${host}${path}`).then(
      () => false,
      () => true,
    )
    if (!failed) throw new Error(`${user}${path} was let in`)
    note('LOGIN', { code, status: 'Error' })
    note('connection.close', { code, status: 'Error' })
  }
}

/** Nothing for some seconds but heartbeats. */
const quiet = () => connected(() => new Promise((resolve) => setTimeout(resolve, 2500)))

const scenarios: Record<string, () => Promise<void>> = {
  topology,
  messages: () => messages(400_000),
  // Frames as small as there may be, so that a few bytes are many of them.
  'small-messages': () => messages(10_000, 'frameMax=4096'),
  rpc,
  confirms: () => confirms(500),
  'few-confirms': () => confirms(20),
  crowd,
  refused,
  logins,
  quiet,
  raw: () => raw(host, note),
}
for (const name of wanted) await (scenarios[name] as () => Promise<void>)()
console.log(JSON.stringify(done))
