"""From a wish to buy to a posted purchase, and what takes a purchase back."""
