"""What is simulated: the contracts, the members, the lender's policies.

Pure functions and validated parameters only: arrays in, arrays out. Nothing in this package
knows SimPy, files, clocks or random generators; a function that needs chance takes uniforms
as arguments.
"""
