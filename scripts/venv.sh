#!/bin/sh
# venv.sh DIR: make a virtual environment with a Python of at least 3.11, or say what is missing.
set -eu
for python in "${PYTHON3:-python3}" python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null 2>&1 &&
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        found=$python
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "Redletter needs Python 3.11 or newer. On Debian or Ubuntu: sudo apt install python3" >&2
    exit 1
fi
if ! "$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python's venv module is missing. Install it: sudo apt install python$version-venv" >&2
    exit 1
fi
"$found" -m venv "$1"
