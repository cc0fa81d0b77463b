"""A nation under study: its towns, its work, its tables, and how sure the differences are."""
