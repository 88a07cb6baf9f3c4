#!/bin/bash
# As the official image: root gives the data to mongodb and goes on as mongodb; any other user runs the command as it is.
set -eu
if [ "$1" = mongod ] && [ "$(id -u)" = 0 ]; then
  chown -R mongodb:mongodb /data/db /data/configdb
  exec setpriv --reuid=mongodb --regid=mongodb --init-groups "$@"
fi
exec "$@"
