"""What someone asks for. A request body is the command's base class; the path fills in the rest."""
