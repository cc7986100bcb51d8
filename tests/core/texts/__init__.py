"""Tests of core/texts."""
