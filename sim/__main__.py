"""`python -m sim ...` runs the command line."""

import sys

if __name__ == "__main__":
    from sim.cli.main import main  # here, since every worker that starts reads this file anew

    sys.exit(main())
