import sys

from acquis.cli import main

sys.exit(main())
