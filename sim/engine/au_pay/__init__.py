"""What is different at au PAY Atobarai: its steps, and its night."""
