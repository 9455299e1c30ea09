"""Read models: what they hold, how events change them, and how they are asked."""
