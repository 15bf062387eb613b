"""`python -m aemodels`: the command line."""

import sys

from aemodels.cli import main

if __name__ == "__main__":
    sys.exit(main())
