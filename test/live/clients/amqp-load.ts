// Publishes and consumes for some time: node --import tsx amqp-load.ts HOST CONNECTIONS MESSAGES. Each connection has a queue
// of its own and some messages under way. Prints how many transactions that was, but for how connections are set up.
import { connect } from 'amqplib'

const [host = '', connections = '1', messages = '1'] = process.argv.slice(2)
const each = Math.ceil(Number(messages) / Number(connections))
// Messages under way on each connection.
const AHEAD = 20
const BODY = Buffer.alloc(100, 'x')
let transactions = 0

async function work(): Promise<void> {
  const connection = await connect(`amqp://guest:guest@${host}`)
  const channel = await connection.createChannel()
  const { queue } = await channel.assertQueue('', { exclusive: true, durable: false })
  let published = 0
  const publish = () => {
    if (published === each) return
    published++
    transactions++
    channel.publish('amq.direct', queue, BODY, { persistent: false })
  }
  await channel.bindQueue(queue, 'amq.direct', queue)
  let left = each
  await new Promise<void>((resolve) => {
    const consumed = channel.consume(queue, (message) => {
      if (message === null) return
      channel.ack(message)
      transactions += 2
      publish()
      if (--left === 0) resolve()
    })
    void consumed.then(() => {
      for (let index = 0; index < AHEAD; index++) publish()
    })
  })
  // The driver throws away what is not sent yet when a connection is closed: a call comes after it.
  await channel.checkQueue(queue)
  transactions += 4 // the queue is declared, bound, consumed from and asked for
  await connection.close()
}

await Promise.all(Array.from({ length: Number(connections) }, work))
console.log(transactions)
