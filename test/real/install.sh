#!/usr/bin/env bash
# Installs what the tests of test/real and test/browser run against, on Debian, as root. Nothing is started, and nothing
# is done where all is there already.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

packages=(
  postfix dovecot-imapd dovecot-pop3d dovecot-lmtpd dovecot-managesieved
  prosody ejabberd bind9 bind9-dnsutils radicale
  iputils-ping iproute2 nftables procps rsync openssh-server git
  chromium lynx w3m poppler-utils zbar-tools
  systemd python3 python3-dateutil python3-feedparser python3-icalendar libxml2-utils
  caddy nginx-light prometheus prometheus-blackbox-exporter
)

missing=()
for package in "${packages[@]}"; do
  [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  echo 'all servers and browsers are there'
  exit 0
fi

# Debian starts what it installs unless this file says 101 (forbidden). One that is there already is left as it is.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi

apt-get update -qq </dev/null || echo 'apt-get update failed: going on with the lists that are here' >&2
apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null
echo "installed: ${missing[*]}"
