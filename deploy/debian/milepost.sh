#!/bin/sh
# The Milepost command line on the package's own Node, with the memory bounded as by milepost.service.
exec /opt/milepost/node_modules/.bin/node --max-semi-space-size=8 --max-old-space-size=1024 /opt/milepost/bridge/cli.ts "$@"
