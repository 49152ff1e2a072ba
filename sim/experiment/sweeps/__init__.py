"""Sweeps: many points in one directory, simulated by the same workers."""
