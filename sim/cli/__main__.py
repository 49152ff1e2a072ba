"""``python -m sim.cli`` is the command ``tsuke``."""

import sys

from sim.cli.application import main

if __name__ == "__main__":
    sys.exit(main())
