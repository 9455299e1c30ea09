"""Units, platforms and case registers, as far as the decisions of several aggregates share them."""
