"""What the lender decides."""
