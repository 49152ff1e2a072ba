"""The contract of the metric tables, by subject: columns, their types, units and definitions."""
