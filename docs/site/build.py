"""Build the site of both languages with Sphinx; a warning is an error."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from docs.site import pages
from docs.site.split import LANGUAGES
from sim import __version__

OUT = pages.ROOT / "build" / "site"
TITLES = {
    "ja": "包括的な支援体制の試算モデル",
    "en": "municipal-support-sim",
}
OTHER = {"ja": ("en", "English"), "en": ("ja", "日本語")}
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', 'Hiragino Sans', 'Hiragino Kaku Gothic ProN',"
    " 'Yu Gothic UI', 'Yu Gothic', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', IPAexGothic,"
    " sans-serif"
)


def settings(language: str) -> dict[str, Any]:
    """The configuration of Sphinx for one language."""
    return {
        "language": language,
        "project": TITLES[language],
        "html_title": TITLES[language],
        "version": __version__,
        "release": __version__,
        "extensions": ["myst_parser", "sphinx.ext.autodoc", "docs.site.search"],
        "myst_enable_extensions": ["colon_fence"],
        "myst_heading_anchors": 5,
        "myst_heading_slug_func": "docs.site.split.slug",
        "default_role": "literal",
        "smartquotes": False,  # it would make one dash of the two before an option
        "autodoc_typehints_format": "short",
        "autodoc_member_order": "bysource",
        "maximum_signature_line_length": 80,
        "html_theme": "furo",
        "html_theme_options": {
            "light_css_variables": {"font-stack": FONTS},
            "dark_css_variables": {"font-stack": FONTS},
        },
        "html_static_path": [str(pages.HERE / "static")],
        "html_css_files": ["site.css"],
        "templates_path": [str(pages.HERE / "templates")],
        "html_context": dict(zip(("other", "other_name"), OTHER[language], strict=True)),
        "html_copy_source": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_use_index": False,
        "html_domain_indices": False,
    }


def tree(language: str, out: Path, work: Path) -> int:
    """Build one language's site into a folder; the exit code of Sphinx."""
    source = work / language
    pages.write(source, language)
    shutil.rmtree(out, ignore_errors=True)
    with patch_docutils(), docutils_namespace():
        site = Sphinx(
            source,
            None,
            out,
            work / f"{language}.doctrees",
            "html",
            confoverrides=settings(language),
            status=None,
            warning=sys.stderr,
            warningiserror=True,
        )
        site.build(force_all=True)
        (out / ".buildinfo").unlink(missing_ok=True)
        shutil.rmtree(out / "_sources", ignore_errors=True)
        return int(site.statuscode)


def build(out: Path = OUT) -> int:
    """Build both languages below a folder, and the page to choose on; 0 if all is well."""
    codes = []
    with tempfile.TemporaryDirectory() as work:
        for language in LANGUAGES:
            codes.append(tree(language, out / language, Path(work)))
    shutil.copyfile(pages.HERE / "choose.html", out / "index.html")
    return max(codes)
