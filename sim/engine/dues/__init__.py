"""From posted purchases to dues, and from money to dues that are paid."""
