#!/bin/sh
# `make test-api`: a running program against its openapi.json. Python's packages go to target/api; where they cannot be had,
# it says so and is no failure.
set -eu
cd "$(dirname "$0")/../.."

environment=target/api
stamp=$environment/.stamp
if [ ! -e "$stamp" ] || [ tests/api/requirements.txt -nt "$stamp" ]; then
    rm -rf "$environment"
    "$PYTHON" -m venv "$environment"
    if ! "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 \
        -r tests/api/requirements.txt; then
        echo "test-api: skipped: PyPI cannot be reached, or has not what tests/api/requirements.txt names"
        exit 0
    fi
    touch "$stamp"
fi
exec "$environment/bin/python" tests/api/run.py target/debug/control-socket-tested target/debug/tenterhook-tested
