"""What-if simulations."""
