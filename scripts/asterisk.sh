#!/bin/sh
# Installs Asterisk, a rival of `make bench`, with everything that it needs in a
# folder of its own, from Debian's unstable suite: the stable one has none. Nothing
# outside that folder is changed. Needs root (chroot), the network, dpkg-deb and apt-get.
#
#	scripts/asterisk.sh [FOLDER]        default: .cache/asterisk
#
# Unstable moves: the version that was installed is printed, to be written beside
# the figures. Removing the folder removes everything.
set -eu

folder=${1:-$(dirname "$0")/../.cache/asterisk}
mirror=${MIRROR:-http://deb.debian.org/debian}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
root=$folder/root

if ! [ -x "$root/usr/sbin/asterisk" ]; then
	(cd "$folder" && apt-get download debootstrap && dpkg-deb -x debootstrap_*.deb tool)
	DEBOOTSTRAP_DIR=$folder/tool/usr/share/debootstrap "$folder/tool/usr/sbin/debootstrap" \
		--variant=minbase --include=asterisk --keyring=/usr/share/keyrings/debian-archive-keyring.gpg sid "$root" "$mirror"
	rm -rf "$folder/tool" "$folder"/debootstrap_*.deb "$root"/var/cache/apt/archives/*.deb
	# A host that is not named costs each call a question to the DNS.
	printf '127.0.0.1 localhost %s\n' "$(hostname)" >"$root/etc/hosts"
fi
chroot "$root" /usr/sbin/asterisk -V
