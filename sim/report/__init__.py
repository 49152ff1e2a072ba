"""Figures, tables and the HTML report, all rebuilt from a results directory alone."""

from pathlib import Path

__all__ = ["write_report"]


def write_report(directory: Path, language: str = "en") -> Path:
    """Write ``figures/*.svg`` and ``report.html`` of a finished run.

    Parameters
    ----------
    directory
        Results directory; manifest, configuration, metrics and summary are read, nothing else.
    language
        "en" or "ja": of the figures, and of the page when it opens; the page holds both.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    InputError
        If the directory holds no finished run, if something in it cannot be read, or if there is
        no such language.
    OutputError
        If figures or report cannot be written.

    Notes
    -----
    The bytes are a function of what is read: the same results give the same files.
    """
    from sim.report.writing import write  # matplotlib waits until a report is wanted

    (path,) = write(directory, language)
    return path
