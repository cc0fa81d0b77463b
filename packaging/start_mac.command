#!/bin/bash
# Double click: installs from the folder "wheels" beside this file the first time, without a network, and
# opens the page of the town's own plan. Nothing outside the two folders below is written.
here="$(cd "$(dirname "$0")" && pwd)"
place="$HOME/Library/Application Support/municipal-support-sim"
works="$HOME/Documents/sim-desk"
python="$place/venv/bin/python"
export PYTHONUTF8=1

failed() {
  echo "$1"
  read -r -p "Enter "
  exit 1
}

if [ ! -x "$python" ] || ! cmp -s "$here/version.txt" "$place/version.txt"; then
  echo "準備しています。数分かかります。 / Preparing; this takes some minutes."
  mkdir -p "$place" || failed "書き込めません。 / Cannot be written: $place"
  if [ ! -x "$python" ]; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && python3 -m venv "$place/venv" \
      || failed "Python 3.11 以上が見つかりません。情報担当にご相談ください。 / Python 3.11 or later is not there; ask your IT section."
  fi
  "$python" -m pip install --quiet --no-index --find-links "$here/wheels" --upgrade municipal-support-sim \
    && cp "$here/version.txt" "$place/version.txt" \
    || failed "うまくいきませんでした。上に出た文を、情報担当にお伝えください。 / It did not work; show the text above to your IT section."
fi
mkdir -p "$works"
echo "ページを開きます。この窓を閉じると終わります。 / Opening the page. Closing this window ends it."
"$python" -m sim desk --plan --works "$works" "$@" || failed "うまくいきませんでした。上に出た文を、情報担当にお伝えください。 / It did not work; show the text above to your IT section."
