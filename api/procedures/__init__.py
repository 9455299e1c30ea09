"""Procedures: proposals, approvals, versions, differences."""
