"""Tests of core/work."""
