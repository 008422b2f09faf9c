#!/bin/sh
# Runs `sesh nightly` the same way from every scheduler and shell:
#   nightly.sh NODE CLI [options of sesh nightly]
# NODE and CLI are absolute paths; `sesh nightly --print cron` fills them in.
set -eu
umask 077
# Nothing that a shell profile or the current folder holds may change what runs.
unset NODE_OPTIONS NODE_PATH
cd /
node=$1
cli=$2
shift 2
exec "$node" "$cli" nightly "$@"
