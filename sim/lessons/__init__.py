"""The guidebook's towns, pairs and packs: their files, what was found, the page that shows it."""
