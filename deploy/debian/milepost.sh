#!/bin/sh
# The Milepost command line on the package's own Node.
exec /opt/milepost/node_modules/.bin/node /opt/milepost/bridge/cli.ts "$@"
