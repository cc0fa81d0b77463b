"""`python -m docs.site [folder]` builds the site, into build/site or the folder given."""

import sys
from pathlib import Path

from docs.site.build import OUT, build

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    code = build(folder)
    print(folder / "index.html")
    sys.exit(code)
