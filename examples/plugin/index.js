import { beanstalkd } from './beanstalkd.js'
import { shortenAddresses } from './shorten-addresses.js'
import { webhook } from './webhook.js'

/** @type {import('packetbeat-native').Plugin} */
export default { protocols: [beanstalkd], outputs: [webhook], processors: [shortenAddresses] }
