"""Courts, execution of titles, and the arrangements of those who cannot pay."""
