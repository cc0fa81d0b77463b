#!/bin/bash
# Installs the program into .venv of this folder out of the files in wheels, without a network.
cd "$(dirname "$0")" || exit 1

finish() { # leaves the window open until somebody has read it
    if [ -t 0 ]; then read -r -p "Enter" _; fi
    exit "$1"
}

python=""
for one in python{{ version }} python3; do
    if "$one" -c "import sys; sys.exit(sys.version_info[:2] != ({{ version.replace('.', ', ') }}))" >/dev/null 2>&1; then
        python="$one"
        break
    fi
done
if [ -z "$python" ]; then
    cat <<'TEXT'
{{ texts.no_python_to_install }}
TEXT
    finish 1
fi
cat <<'TEXT'
{{ texts.installing }}
TEXT
if "$python" -m venv .venv \
    && .venv/bin/python -m pip --isolated install --quiet --disable-pip-version-check \
        --no-index --find-links wheels --require-hashes -r requirements.txt \
    && .venv/bin/python -m sim towns --quiet >/dev/null; then
    cat <<'TEXT'
{{ texts.installed }}
TEXT
    finish 0
fi
cat <<'TEXT'
{{ texts.not_installed }}
TEXT
finish 1
