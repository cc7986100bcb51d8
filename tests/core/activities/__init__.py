"""Tests of core/activities."""
