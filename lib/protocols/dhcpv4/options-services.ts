import { architectureName } from './codes.js'
import type { Kind } from './kinds.js'
import * as kinds from './kinds.js'
import { type Option, option } from './option.js'
import { classlessRoutes } from './routes.js'
import { services } from './services.js'

const ipv6: Kind = { type: 'ip', size: 16, read: (wire) => wire.ipv6() }

/** RFC 4578 §2.2: a type, 1 for UNDI, and its version. */
const networkInterface: Kind = {
  type: 'keyword',
  size: 3,
  read(wire) {
    const type = wire.u8()
    return `${type === 1 ? 'UNDI' : `unknown (${type})`} ${wire.u8()}.${wire.u8()}`
  },
}

/** What clients boot from, and where they find services: RFC 2132 §8 and §9, and what came later. */
export const serviceOptions: readonly Option[] = [
  option(62, 'netware_domain', kinds.text, 'NetWare/IP domain.'),
  option(66, 'tftp_server_name', kinds.text, 'Server to boot from, where sname carries options.'),
  option(67, 'boot_file_name', kinds.text, 'File to boot from, where the field file carries options.'),
  option(85, 'nds_servers', kinds.addresses, 'NetWare directory servers.'),
  option(86, 'nds_tree_name', kinds.text, 'NetWare directory tree.'),
  option(87, 'nds_context', kinds.text, 'NetWare directory context.'),
  option(88, 'bcmcs_domains', kinds.names, 'Broadcast and multicast controllers, by domain.'),
  option(89, 'bcmcs_servers', kinds.addresses, 'Broadcast and multicast controllers, by address.'),
  option(
    93,
    'client_architecture',
    kinds.allNamed(architectureName, 2),
    'What boots: x86 BIOS, x64 UEFI ...',
  ),
  option(
    94,
    'client_network_interface',
    networkInterface,
    'Interface to its network card: UNDI and version.',
  ),
  option(95, 'ldap_url', kinds.text, 'LDAP server.'),
  option(98, 'user_authentication_urls', kinds.spaced, 'User authentication servers (RFC 2485).'),
  option(100, 'posix_timezone', kinds.text, 'Time zone, as POSIX writes it (RFC 4833).'),
  option(101, 'tz_database_timezone', kinds.text, 'Time zone, by its name in the TZ database.'),
  option(109, 'softwire_source_address', ipv6, 'IPv6 address of a DHCPv4 over DHCPv6 softwire (RFC 8539).'),
  option(112, 'netinfo_servers', kinds.addresses, 'NetInfo parent servers.'),
  option(113, 'netinfo_tag', kinds.text, 'NetInfo parent server tag.'),
  option(114, 'captive_portal', kinds.text, 'URI of the captive portal’s API (RFC 8910).'),
  option(119, 'domain_search', kinds.names, 'Domains to complete names with, in their order (RFC 3397).'),
  option(121, 'classless_static_routes', classlessRoutes, 'Routes: network/prefix via router (RFC 3442).'),
  option(136, 'pana_agents', kinds.addresses, 'PANA authentication agents (RFC 5192).'),
  option(137, 'lost_server', kinds.name, 'Location-to-service translation server (RFC 5223).'),
  option(138, 'capwap_controllers', kinds.addresses, 'Controllers of wireless access points (RFC 5417).'),
  option(141, 'sip_ua_domains', kinds.names, 'SIP configuration domains (RFC 6011).'),
  option(142, 'andsf_servers', kinds.addresses, 'Access network discovery servers (RFC 6153).'),
  option(150, 'tftp_servers', kinds.addresses, 'TFTP servers, such as IP phones ask for (RFC 5859).'),
  option(176, 'ip_telephone', kinds.text, 'Settings of IP phones.'),
  option(209, 'pxelinux_config_file', kinds.text, 'Configuration of PXELINUX (RFC 5071).'),
  option(210, 'pxelinux_path_prefix', kinds.text, 'Where PXELINUX finds its files.'),
  option(211, 'pxelinux_reboot_time_sec', kinds.number, 'Seconds after which a failed boot is tried again.'),
  option(213, 'access_domain_name', kinds.name, 'Domain of the access network (RFC 5986).'),
  option(249, 'ms_classless_static_routes', classlessRoutes, 'Routes, as old Windows asks for them.'),
  option(
    252,
    'web_proxy_auto_discovery',
    kinds.text,
    'URL of a proxy configuration; unregistered, but in wide use.',
  ),
  ...services,
]
