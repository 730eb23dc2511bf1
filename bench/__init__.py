"""Measurements behind docs/benchmarks.md; none of them is a test."""
