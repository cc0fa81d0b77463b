"""Does it fit: a town's own figures of last year against what the model says of it."""
