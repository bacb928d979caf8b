"""The `antrean` command, for `python -m queue_server`."""

from queue_server.cli import main

main()
