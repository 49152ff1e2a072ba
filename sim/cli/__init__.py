"""The command ``tsuke``.

What a user gave wrong, or what cannot be written, ends with one message on standard error and exit
code 2; failed replications with 1; Ctrl-C with 130. Results and tables go to standard output,
progress and messages to standard error. Everything is checked before a directory is made.

A command is a function in a file of this package, and one line here; the help lists the commands
in this order.
"""

from sim.cli.account import account
from sim.cli.application import app, main
from sim.cli.branch import branch
from sim.cli.checkpoint import checkpoint
from sim.cli.compare import compare
from sim.cli.documents import rules, schema
from sim.cli.exit_codes import FAILED, INTERRUPTED, UNUSABLE
from sim.cli.export import export
from sim.cli.headline import headline_text
from sim.cli.report import report
from sim.cli.run import run
from sim.cli.status import status
from sim.cli.sweep import sweep
from sim.cli.trace import trace

__all__ = ["FAILED", "INTERRUPTED", "UNUSABLE", "app", "headline_text", "main"]

app.command()(run)
app.command()(sweep)
app.command()(checkpoint)
app.command()(branch)
app.command()(status)
app.command()(compare)
app.command()(report)
app.command()(trace)
app.command()(account)
app.command()(export)
app.command()(rules)
app.command()(schema)
