#!/bin/sh
# Makes the prompts anew from sentences.txt: name, voice and text of each, divided
# by tabs. Needs espeak-ng and sox (Debian: apt-get install espeak-ng sox).
# The files hold G.711 µ-law at 8 kHz, as they are sent.
set -eu
cd "$(dirname "$0")"
tab="$(printf '\t')"
while IFS="$tab" read -r name voice text; do
	espeak-ng -v "$voice" -s 140 -w /dev/stdout -- "$text" |
		sox -t wav - -r 8000 -c 1 -e u-law -t wav "$name.wav" sinc 200-3400 norm -6
done <sentences.txt
