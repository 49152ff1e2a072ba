"""Reports as parts of a paper: Markdown and PDF, figures, tables, methods and references.

A results directory, the directory of a sweep or a comparison flows in and becomes one `Document`;
each form of output is one function of it. Texts that users gave are data in every form: they never
become markup, a formula, a command or a path (`sim.report.papers.harmless`).
"""
