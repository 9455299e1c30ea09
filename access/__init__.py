"""The one decision about access: which actor may do what."""
