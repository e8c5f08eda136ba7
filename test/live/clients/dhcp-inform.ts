// Asks SERVER for the settings of the network, from ADDRESS, which it has already: RFC 2131 §3.4. Prints the type of the
// answer and its transaction id.
import { createSocket } from 'node:dgram'
import { ask, INFORM, option } from '../../protocols/dhcpv4/builder.js'

const [address = '', server = ''] = process.argv.slice(2)
const id = 0xc0ffee01
const parameters = option(55, Buffer.of(6, 15, 42, 252))

const socket = createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (answer) => {
  console.log(JSON.stringify({ op: answer[0], id: answer.readUInt32BE(4) }))
  socket.close()
})
socket.bind(68, address, () =>
  socket.send(ask(INFORM, { id, client: address, options: [parameters] }), 67, server),
)
