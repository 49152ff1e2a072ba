"""Scripted accounts: one member's purchases, payments and notices through the engine."""

from sim.account.play import Account, play
from sim.account.script import Script, load_script

__all__ = ["Account", "Script", "load_script", "play"]
