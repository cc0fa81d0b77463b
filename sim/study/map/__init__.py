"""Where a town slides and where it recovers, over two axes."""
