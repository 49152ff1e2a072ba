"""Why a clause did nothing in a run: what it needs is not on offer, is switched off, or was rare.

The answer is read off the configuration: parameters name the clauses they come from, so a clause
all of whose switches, shares and rates are 0 cannot act.
"""

from collections.abc import Sequence

from sim.config import Config
from sim.config_loading import ParameterRow, parameters_of
from sim.report.language import listed, say
from sim.report.numbers import parameter_text

OFF: tuple[object, ...] = (0, 0.0, False, None, (), [], {})
RARE = "could have acted and did not: nothing of the kind happened"


def reasons(clauses: Sequence[str], config: Config) -> dict[str, str]:
    """Give for each clause that never acted why that is.

    Parameters
    ----------
    clauses
        Ids or item references that a posting or event names.
    config
        The run.

    Returns
    -------
    dict of str to str
        One sentence without its full stop by clause.
    """
    parameters = parameters_of(config)
    return {clause: _reason(clause, parameters) for clause in clauses}


def _reason(clause: str, parameters: Sequence[ParameterRow]) -> str:
    """Find what keeps a clause from acting."""
    own = [row for row in parameters if clause in _cited(row.source)]
    closed = {row.path for row in parameters if row.path.endswith(".enabled") and not row.value}
    sections = {row.path.removesuffix("enabled") for row in parameters if row.path in closed}
    behind = [s for s in sections if own and all(row.path.startswith(s) for row in own)]
    if behind:
        return say("{path} is false", path=f"{behind[0]}enabled")
    off = [row for row in own if _is_off(row)]
    if off:
        switches = listed(f"{row.path} = {parameter_text(row.value)}" for row in off[:3])
        return say("switched off: {switches}", switches=switches)
    return say(RARE)


def _cited(source: str) -> set[str]:
    """List what a source names, items of a paragraph also as the paragraph."""
    names = {name.strip() for name in source.split(";")}
    return names | {name.partition("(")[0] for name in names}


def _is_off(row: ParameterRow) -> bool:
    """Tell whether a parameter is a switch, share or rate that is off."""
    return any(type(row.value) is type(off) and row.value == off for off in OFF)
