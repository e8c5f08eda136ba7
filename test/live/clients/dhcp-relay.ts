// A DHCP relay agent with option 82, RFC 3046, until it is killed: ADDRESS is its own among the clients, SERVER the
// server's. It leaves the option in answers, which no client minds.
import { createSocket } from 'node:dgram'
import { option } from '../../protocols/dhcpv4/builder.js'

const [address = '', server = ''] = process.argv.slice(2)
const BOOTREQUEST = 1
const HOPS = 3
const GIADDR = 24
const OPTIONS = 240
const END = 255

const information = option(82, option(1, 'eth1/7'), option(2, Buffer.from('0006020000000099', 'hex')))

/** The request, with where it came from. */
function marked(request: Buffer): Buffer {
  let end = OPTIONS
  while (request[end] !== END) end += request[end] === 0 ? 1 : 2 + (request[end + 1] ?? 0)
  const passed = Buffer.concat([request.subarray(0, end), information, Buffer.of(END)])
  passed[HOPS] = (passed[HOPS] ?? 0) + 1
  Buffer.from(address.split('.').map(Number)).copy(passed, GIADDR)
  return passed
}

const socket = createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (message) => {
  if (message[0] === BOOTREQUEST) socket.send(marked(message), 67, server)
  else socket.send(message, 68, '255.255.255.255')
})
socket.bind(67, () => {
  socket.setBroadcast(true)
  console.log('listening')
})
