"""The guidebook's lessons: the files of its towns, pairs and packs, the stored results, and the
page that shows them.
"""
