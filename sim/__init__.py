"""How it is simulated: configuration, engine, metrics, experiments and reports."""
