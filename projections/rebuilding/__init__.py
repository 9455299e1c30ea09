"""Rebuilding a read model beside the one that serves."""
