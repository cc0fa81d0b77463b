#!/bin/bash
# Starts the page (sim desk{{ asked }}) in this folder; a scenario file or a workbook may follow.
cd "$(dirname "$0")" || exit 1

stay() { # leaves the window open until somebody has read it
    if [ -t 0 ]; then read -r -p "Enter" _; fi
    exit 1
}

python=""
for one in ./.venv/bin/python {{ noted }}python3; do
    if command -v "$one" >/dev/null 2>&1; then
        python="$one"
        break
    fi
done
if [ -z "$python" ]; then
    cat <<'TEXT'
{{ texts.no_python }}
TEXT
    stay
fi
if ! "$python" -c "import sim.cli.main" >/dev/null 2>&1; then
    cat <<'TEXT'
{{ texts.no_program }}
TEXT
    stay
fi
cat <<'TEXT'
{{ texts.starting }}
TEXT
if ! "$python" -m sim desk{{ asked }} "$@"; then
    cat <<'TEXT'
{{ texts.stopped }}
TEXT
    stay
fi
