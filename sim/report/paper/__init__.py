"""The paper of a budget request: one sheet of A4 and its back, then an explanation of a few pages."""
