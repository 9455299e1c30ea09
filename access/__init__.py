"""What an actor may do, and whose cases they may see: pure decisions."""
