"""Benchmarks: whole commands on real texts. Figures are printed, never asserted."""
