#!/bin/sh
# Installs the Debian packages of requirements/packages.txt that are missing; says in words why when it can't.
set -eu
cd "$(dirname "$0")/.."

wanted=$(sed 's/#.*//' requirements/packages.txt)
missing=""
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo"
else
    echo "These Debian packages are missing, and there is neither root nor sudo to install them:$missing" >&2
    exit 2
fi
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null; }; then
    echo "Debian packages could not be installed:$missing" >&2
    exit 2
fi
