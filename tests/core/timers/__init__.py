"""Tests of core/timers."""
