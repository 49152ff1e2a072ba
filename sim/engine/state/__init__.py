"""What is known of persons, purchases, dues and cases: tables, and the world that holds them."""
