"""One file per product: its terms and how purchases become dues."""
