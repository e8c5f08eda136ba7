#!/usr/bin/env bash
# Records the captures in test/traces/ with real servers and clients, in a network namespace of its own.
#
#   scripts/make-traces.sh [http|dns|redis|icmp|sample]...     without a name: all
#
# Needs root and the Debian packages iproute2, tcpdump, nginx-light, curl, dnsmasq-base, bind9-dnsutils, redis-server,
# redis-tools and iputils-ping. Afterwards look at the events and keep them as the expected ones:
#
#   npm run build:lib && UPDATE=1 node --import tsx --test test/traces.test.ts && git diff test/traces

set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
traces=$(cd "$(dirname "$0")/../test/traces" && pwd)
ns=traces-$$
work=$(mktemp -d)
declare -a running=()

in_ns() { ip netns exec "$ns" "$@"; }

start() { # start COMMAND...: in the background, until the end
  in_ns "$@" >"$work/${1##*/}.log" 2>&1 &
  running+=($!)
}

cleanup() {
  trap '' INT TERM
  kill "${running[@]}" 2>/dev/null || true
  ip netns pids "$ns" 2>/dev/null | xargs -r kill -KILL 2>/dev/null || true
  ip netns del "$ns" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

eventually() { # eventually COMMAND...: until it succeeds, ten seconds at most
  local tries=100
  until "$@" >/dev/null 2>&1; do
    ((tries--)) || { echo "make-traces: waited in vain for: $*" >&2; exit 1; }
    sleep 0.1
  done
}

listening() { [[ $(in_ns ss -Hltun "sport = :$1") ]]; }

record() { # record FILE FILTER FUNCTION...: what the functions say to the servers
  local tcpdump
  mkdir -p "$(dirname "$traces/$1")"
  in_ns tcpdump -i lo -s 0 -Z root -U --immediate-mode -w "$traces/$1" "$2" >"$work/tcpdump.log" 2>&1 &
  tcpdump=$!
  eventually grep -q 'listening on' "$work/tcpdump.log"
  for function in "${@:3}"; do "$function"; done
  sleep 0.5
  kill -TERM $tcpdump # background jobs of a script ignore INT
  wait $tcpdump || true
}

serve() {
  mkdir -p "$work/html"
  printf '<html><p>%s</p></html>' "$(head -c 600 /dev/zero | tr '\0' x)" >"$work/html/index.html"
  printf '{"answer":42}' >"$work/html/answer.json"
  cat >"$work/nginx.conf" <<CONF
daemon off; pid $work/nginx.pid; user root; error_log stderr;
events {}
http {
  access_log off; client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work;
  types { application/json json; text/html html; }
  server {
    listen 127.0.0.1:80; listen [::1]:80; root $work/html;
    location /zipped { gzip on; gzip_min_length 1; alias $work/html/; }
    location /old { return 301 /answer.json; }
    location /secret { return 401 "no\n"; }
    location /form { return 200 "thanks\n"; }
    location /broken { return 503; }
  }
}
CONF
  start nginx -c "$work/nginx.conf" -p "$work"
  start dnsmasq -k --conf-file=/dev/null --port=53 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --user=root \
    --address=/shop.example/10.1.2.3 --address=/shop.example/2001:db8::3 --mx-host=shop.example,mail.shop.example,10 \
    --txt-record=shop.example,"v=spf1 -all" --srv-host=_sip._udp.shop.example,sip.shop.example,5060 --pid-file=
  start redis-server --bind 127.0.0.1 --port 6379 --save '' --appendonly no --dir "$work"
  for port in 80 53 6379; do eventually listening $port; done
}

# --- what the clients say ----------------------------------------------------------------------------------------------

http() {
  in_ns curl -s http://127.0.0.1/ http://127.0.0.1/answer.json?a=1\&b=two+words http://127.0.0.1/missing
  in_ns curl -s -I http://127.0.0.1/answer.json
  in_ns curl -s --compressed http://127.0.0.1/zipped/index.html
  in_ns curl -s -d 'name=Ada&password=secret' -A 'make-traces' http://127.0.0.1/form
  in_ns curl -s -H 'Transfer-Encoding: chunked' -H 'Content-Type: text/plain' -d 'in chunks' http://127.0.0.1/form
  in_ns curl -s -u ada:secret -H 'Host: shop.example' http://127.0.0.1/secret http://127.0.0.1/old
  in_ns curl -s -g 'http://[::1]/broken'
} >/dev/null

dns() {
  in_ns dig @127.0.0.1 +noall A shop.example
  in_ns dig @127.0.0.1 +noall +noedns AAAA shop.example
  in_ns dig @127.0.0.1 +noall MX shop.example
  in_ns dig @127.0.0.1 +noall TXT shop.example
  in_ns dig @127.0.0.1 +noall +tcp SRV _sip._udp.shop.example
  in_ns dig @127.0.0.1 +noall A missing.test
}

redis() {
  local cli=(in_ns redis-cli -h 127.0.0.1)
  "${cli[@]}" set greeting 'hello world'
  "${cli[@]}" get greeting
  "${cli[@]}" incr greeting
  "${cli[@]}" config get maxmemory
  "${cli[@]}" -3 hset h f 1 g 2
  "${cli[@]}" -3 hgetall h
  printf 'SET a 1\r\nINCR a\r\nMGET a missing\r\n' | "${cli[@]}" --pipe
  in_ns timeout 1 redis-cli -h 127.0.0.1 subscribe news &
  local subscriber=$!
  sleep 0.3
  "${cli[@]}" publish news 'good ones'
  wait $subscriber || true
} >/dev/null

icmp() {
  in_ns ping -q -c 2 -i 0.2 127.0.0.1
  in_ns ping -q -c 1 ::1
} >/dev/null

sample() {
  dns
  http
  redis
  icmp
}

# --- main ---------------------------------------------------------------------------------------------------------------

((EUID == 0)) || { echo 'make-traces: needs root, for its network namespace' >&2; exit 1; }
names=("$@")
((${#names[@]})) || names=(http dns redis icmp sample)
ip netns add "$ns"
ip -n "$ns" link set lo up mtu 1500
in_ns ethtool -K lo tso off gso off gro off >/dev/null 2>&1 || true
serve
for name in "${names[@]}"; do
  case $name in
    http) record http/curl-nginx.pcap 'port 80' http ;;
    dns) record dns/dig-dnsmasq.pcap 'port 53' dns ;;
    redis) record redis/redis-cli.pcap 'port 6379' redis ;;
    icmp) record icmp/ping.pcap 'icmp or icmp6' icmp ;;
    sample) record sample.pcap 'port 80 or port 53 or port 6379 or icmp or icmp6' sample ;;
    *) echo "make-traces: no $name" >&2; exit 2 ;;
  esac
done
ls -l "$traces" "$traces"/*/
