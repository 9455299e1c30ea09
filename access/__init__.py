"""The one decision about access: which actor may do what, and whose case it is."""
