"""The documentation site: `python -m docs.site` writes build/site/ja and build/site/en."""
