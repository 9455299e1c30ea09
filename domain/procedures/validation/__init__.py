"""Rules that a ladder's document must satisfy. `ladder.ladder_flaws` applies all of them."""
