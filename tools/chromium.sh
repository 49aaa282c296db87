#!/usr/bin/env bash
# Make sure that a Chromium is here for the browser tests; say so loudly when it cannot be.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done

as_root=()
why=""
if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); else why="this user is neither root nor allowed sudo without a password"; fi
fi
if ! command -v apt-get >/dev/null; then why="there is no apt-get here"; fi

if [ -z "$why" ]; then
    echo "Installing Chromium for the browser tests."
    if ${as_root[@]+"${as_root[@]}"} apt-get -qq update \
        && ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends chromium fonts-liberation >/dev/null; then
        exit 0
    fi
    why="apt-get could not install it"
fi

echo "*** No Chromium, and it cannot be installed: $why." >&2
if [ "${CI:-}" = true ]; then
    echo "*** In CI that is a failure." >&2
    exit 1
fi
echo "*** The browser tests will be SKIPPED. Install Chromium to run them." >&2
